import X from "lucide-react/icons/x"
import * as Radix from "radix-ui/dialog"
import type { ReactNode } from "react"
import { classNames } from "~/components/class-names"
import { type ButtonKind, type ButtonSize, buttonLook } from "~/components/ui/button"
import { useHydrated } from "~/components/use-hydrated"

type Props = {
  trigger: ReactNode
  triggerKind?: ButtonKind
  triggerSize?: ButtonSize
  title: string
  /** What is about to happen. */
  lead?: ReactNode
  children: ReactNode
}

/** A question in front of the page. Without JavaScript it unfolds in place. */
export function Dialog({ trigger, triggerKind = "secondary", triggerSize, title, lead, children }: Props) {
  const look = buttonLook({ kind: triggerKind, size: triggerSize })
  if (!useHydrated()) {
    return (
      <details>
        <summary className={look}>{trigger}</summary>
        <div className="mt-3 rounded-md border border-line bg-surface p-5">
          <h2 className="text-lg text-ink">{title}</h2>
          {lead && <div className="mt-1 text-ink-soft text-sm">{lead}</div>}
          <div className="mt-5">{children}</div>
        </div>
      </details>
    )
  }
  return (
    <Radix.Root>
      <Radix.Trigger className={look}>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <div className="veil" />
        <Radix.Content {...(lead ? {} : { "aria-describedby": undefined })} className={panelLook}>
          <Radix.Title className="pr-8 text-ink text-lg">{title}</Radix.Title>
          {lead && <Radix.Description className="mt-1 text-ink-soft text-sm">{lead}</Radix.Description>}
          <div className="mt-5">{children}</div>
          <DialogClose />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const panelLook = classNames(
  "floats fixed inset-x-4 top-[max(1rem,12dvh)] z-40 mx-auto max-h-[calc(100dvh-2rem)] max-w-lg overflow-y-auto",
  "rounded-md p-6",
)

/** The cross in a dialog's corner. */
export function DialogClose() {
  return (
    <Radix.Close className="absolute top-4 right-4 rounded-md p-1.5 text-ink-soft hover:bg-sunken hover:text-ink">
      <X className="size-5" aria-hidden />
      <span className="sr-only">Close</span>
    </Radix.Close>
  )
}
