import * as Radix from "radix-ui/dialog"
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react"
import { DialogClose } from "~/components/ui/dialog"
import { useHydrated } from "~/components/use-hydrated"

type Props = {
  /** Names the sheet and its trigger for screen readers. */
  label: string
  trigger: ReactNode
  triggerClassName?: string
  /** The sheet closes when this changes: the page's address. */
  closeOn?: string
  children: ReactNode
}

/**
 * What slides in from the side on a phone, such as the navigation. Without JavaScript it unfolds below its trigger; opened
 * before the script has come, it stays open.
 */
export function Sheet(props: Props) {
  const plain = useRef<HTMLDetailsElement>(null)
  const { open } = plain.current ?? { open: false }
  return useHydrated() ? <ScriptedSheet {...props} open={open} /> : <PlainSheet {...props} place={plain} />
}

function PlainSheet({
  label,
  trigger,
  triggerClassName,
  children,
  place,
}: Props & { place: RefObject<HTMLDetailsElement> }) {
  return (
    <details ref={place}>
      <summary aria-label={label} className={triggerClassName}>
        {trigger}
      </summary>
      <div className="floats absolute inset-x-0 top-full z-30 max-h-[80dvh] overflow-y-auto border-x-0 p-4">
        {children}
      </div>
    </details>
  )
}

function ScriptedSheet({
  label,
  trigger,
  triggerClassName,
  closeOn,
  children,
  open,
}: Props & { open: boolean }) {
  const here = closeOn ?? ""
  const [openedOn, setOpenedOn] = useState(open ? here : null)
  useEffect(() => setOpenedOn(opened => (opened === here ? opened : null)), [here])
  return (
    <Radix.Root open={openedOn === here} onOpenChange={open => setOpenedOn(open ? here : null)}>
      <Radix.Trigger aria-label={label} className={triggerClassName}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <div className="veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="floats sheet fixed inset-y-0 left-0 z-40 flex w-[min(20rem,85vw)] flex-col overflow-y-auto border-y-0 border-l-0 p-4"
        >
          <Radix.Title className="mb-3 flex h-8 items-center px-2 text-ink text-sm">{label}</Radix.Title>
          {children}
          <DialogClose />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
