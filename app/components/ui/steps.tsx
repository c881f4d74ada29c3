import { Link } from "@remix-run/react"
import Check from "lucide-react/icons/check"
import { classNames } from "~/components/class-names"

export type StepState = "done" | "skipped" | "current" | "open"
export type Step = { label: string; state: StepState; to?: string }

const words: Record<StepState, string> = { done: "done", skipped: "skipped", current: "now", open: "to do" }

/** The way through a guided set-up: what is done, where you are, what comes. A phone has room for the present step's name. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }) {
  const place = steps.findIndex(step => step.state === "current")
  return (
    <div>
      <ol aria-label={label} className="flex gap-2">
        {steps.map((step, at) => (
          <li
            key={step.label}
            aria-current={step.state === "current" ? "step" : undefined}
            className="min-w-0 flex-1"
          >
            <Bar state={step.state} />
            <StepLabel step={step} number={at + 1} />
          </li>
        ))}
      </ol>
      {place >= 0 && (
        <p aria-hidden className="mt-2 text-ink text-xs sm:hidden">
          Step {place + 1} of {steps.length}: <span className="font-semibold">{steps[place]?.label}</span>
        </p>
      )}
    </div>
  )
}

function Bar({ state }: { state: StepState }) {
  const fill = { done: "w-full bg-lamp", current: "w-1/2 bg-lamp", skipped: "w-full bg-edge", open: "w-0" }[
    state
  ]
  return (
    <span aria-hidden className="block h-1 overflow-clip rounded-full bg-line">
      <span className={classNames("block h-full rounded-full", fill)} />
    </span>
  )
}

function StepLabel({ step, number }: { step: Step; number: number }) {
  const look = classNames(
    "mt-2 flex items-center gap-1.5 text-xs max-sm:sr-only",
    step.state === "current" ? "font-semibold text-ink" : "text-ink-soft",
  )
  const content = (
    <>
      {step.state === "done" ? (
        <Check aria-hidden className="size-3.5 shrink-0 text-lamp" />
      ) : (
        <span aria-hidden className="tabular-nums">
          {number}
        </span>
      )}
      <span className="truncate">{step.label}</span>
      <span className="sr-only">, {words[step.state]}</span>
    </>
  )
  return step.to ? (
    <Link to={step.to} className={classNames(look, "hover:text-ink hover:underline")}>
      {content}
    </Link>
  ) : (
    <span className={look}>{content}</span>
  )
}
