import { Link, useSubmit } from "@remix-run/react"
import * as Dropdown from "radix-ui/dropdown-menu"
import { type ReactNode, type RefObject, useRef } from "react"
import { classNames } from "~/components/class-names"
import { type MenuItem, MenuList, menuItemLook, menuPanelLook } from "~/components/ui/menu-list"
import { useHydrated } from "~/components/use-hydrated"

export type { MenuItem }

type Props = {
  /** Names the menu for screen readers when the trigger's content does not. */
  label?: string
  trigger: ReactNode
  triggerClassName?: string
  items: readonly MenuItem[]
  side?: "top" | "bottom"
  align?: "start" | "end"
}

/**
 * A menu of links and one-click acts. Without JavaScript it is a <details> with the same entries; opened before the script
 * has come, it stays open.
 */
export function Menu(props: Props) {
  const plain = useRef<HTMLDetailsElement>(null)
  const { open } = plain.current ?? { open: false }
  return useHydrated() ? <ScriptedMenu {...props} open={open} /> : <PlainMenu {...props} place={plain} />
}

function ScriptedMenu({
  label,
  trigger,
  triggerClassName,
  items,
  side = "bottom",
  align = "start",
  open,
}: Props & { open: boolean }) {
  return (
    <Dropdown.Root modal={false} defaultOpen={open}>
      <Dropdown.Trigger aria-label={label} className={triggerClassName}>
        {trigger}
      </Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={classNames(
            menuPanelLook,
            "max-h-(--radix-dropdown-menu-content-available-height) w-(--radix-dropdown-menu-trigger-width) overflow-y-auto",
          )}
        >
          {items.map(item => (
            <ScriptedItem key={item.to ?? item.post} item={item} />
          ))}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  )
}

function ScriptedItem({ item }: { item: MenuItem }) {
  const submit = useSubmit()
  const content = (
    <>
      {item.icon}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.note}
    </>
  )
  return (
    <>
      {item.apart && <Dropdown.Separator className="-mx-1 my-1 h-px bg-line" />}
      {item.to !== undefined ? (
        <Dropdown.Item asChild textValue={item.label}>
          <Link to={item.to} aria-current={item.current ? "true" : undefined} className={menuItemLook}>
            {content}
          </Link>
        </Dropdown.Item>
      ) : (
        <Dropdown.Item
          textValue={item.label}
          className={classNames(menuItemLook, "cursor-pointer")}
          onSelect={() => submit(item.fields ?? {}, { method: "post", action: item.post })}
        >
          {content}
        </Dropdown.Item>
      )}
    </>
  )
}

function PlainMenu({
  label,
  trigger,
  triggerClassName,
  items,
  side = "bottom",
  align = "start",
  place,
}: Props & { place: RefObject<HTMLDetailsElement> }) {
  return (
    <details ref={place} className="relative">
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
