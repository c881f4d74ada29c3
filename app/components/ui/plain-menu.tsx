import type { KeyboardEvent, ReactNode, RefObject } from "react"
import { classNames } from "~/components/class-names"
import { type MenuItem, MenuList, menuPanelLook } from "~/components/ui/menu-list"

export type MenuProps = {
  /** Names the menu for screen readers when the trigger's content does not. */
  label?: string
  trigger: ReactNode
  triggerClassName?: string
  items: readonly MenuItem[]
  side?: "top" | "bottom"
  align?: "start" | "end"
}

/** Without any script: the entries unfold below what is pressed, or above it. Escape folds them. */
export function PlainMenu({
  label,
  trigger,
  triggerClassName,
  items,
  side = "bottom",
  align = "start",
  place,
}: MenuProps & { place?: RefObject<HTMLDetailsElement> }) {
  return (
    <details ref={place} className="relative" onKeyDown={foldOnEscape}>
      <summary aria-label={label} className={triggerClassName}>
        {trigger}
      </summary>
      <div
        className={classNames(
          menuPanelLook,
          "absolute max-h-[60dvh] w-full overflow-y-auto",
          side === "top" ? "bottom-full mb-1.5" : "top-full mt-1.5",
          align === "end" ? "right-0" : "left-0",
        )}
      >
        <MenuList items={items} />
      </div>
    </details>
  )
}

function foldOnEscape({ key, currentTarget }: KeyboardEvent<HTMLDetailsElement>) {
  if (key !== "Escape" || !currentTarget.open) return
  currentTarget.open = false
  currentTarget.querySelector("summary")?.focus()
}
