import { type ReactNode, useId } from "react"
import { classNames } from "~/components/class-names"
import { FieldNotes } from "~/components/ui/field"
import { fieldProblem, useFormState } from "~/components/ui/form-context"

export type RadioCard = {
  value: string
  title: ReactNode
  /** Set beside the title, such as a price. */
  aside?: ReactNode
  note?: ReactNode
  disabled?: boolean
}

type Props = {
  name: string
  legend: ReactNode
  hideLegend?: boolean
  hint?: ReactNode
  error?: string
  options: readonly RadioCard[]
  defaultValue?: string
  columns?: 1 | 2 | 3
}

const grid = { 1: "", 2: "sm:grid-cols-2", 3: "md:grid-cols-3" } as const

/** A choice of one among few, each a card with a native radio inside: plans, roles. */
export function RadioCards({
  name,
  legend,
  hideLegend,
  hint,
  error,
  options,
  defaultValue,
  columns = 1,
}: Props) {
  const form = useFormState()
  const own = useId()
  const id = `${form.id || own}${name}`
  const wrong = error ?? fieldProblem(form.problem, name)
  const chosen = form.problem?.values?.[name] ?? defaultValue
  const describedBy = [hint && `${id}-hint`, wrong && `${id}-error`].filter(Boolean).join(" ") || undefined
  return (
    <fieldset id={id} aria-describedby={describedBy} className="flex min-w-0 flex-col gap-1.5">
      <legend className={hideLegend ? "sr-only" : "mb-1.5 font-medium text-ink text-sm"}>{legend}</legend>
      <div className={classNames("grid gap-3", grid[columns])}>
        {options.map(option => (
          <Card
            key={option.value}
            {...option}
            name={name}
            chosen={option.value === chosen}
            invalid={Boolean(wrong)}
          />
        ))}
      </div>
      <FieldNotes id={id} hint={hint} error={wrong} />
    </fieldset>
  )
}

function Card({
  name,
  chosen,
  invalid,
  ...card
}: RadioCard & { name: string; chosen: boolean; invalid: boolean }) {
  return (
    <label
      className={classNames(
        "relative flex items-start gap-3 rounded-md border border-line bg-surface p-4 text-sm hover:border-edge",
        "has-checked:border-lamp has-checked:bg-lamp-soft has-checked:outline has-checked:outline-1 has-checked:outline-lamp",
        "has-focus-visible:outline-2 has-focus-visible:outline-lamp has-focus-visible:outline-offset-2",
        card.disabled && "opacity-60",
      )}
    >
      <input
        type="radio"
        name={name}
        value={card.value}
        defaultChecked={chosen}
        disabled={card.disabled}
        aria-invalid={invalid ? true : undefined}
        className="mt-0.5 size-4 shrink-0 accent-lamp focus-visible:outline-none"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium text-ink">{card.title}</span>
          {card.aside && <span className="text-ink tabular-nums">{card.aside}</span>}
        </span>
        {card.note && <span className="mt-0.5 block text-ink-soft">{card.note}</span>}
      </span>
    </label>
  )
}
