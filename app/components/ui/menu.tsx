import { Link, useSubmit } from "@remix-run/react"
import * as Dropdown from "radix-ui/dropdown-menu"
import { useRef } from "react"
import { classNames } from "~/components/class-names"
import { type MenuItem, menuItemLook, menuPanelLook } from "~/components/ui/menu-list"
import { type MenuProps, PlainMenu } from "~/components/ui/plain-menu"
import { useHydrated } from "~/components/use-hydrated"

export type { MenuItem }

/**
 * A menu of links and one-click acts. Without JavaScript it is a <details> with the same entries; opened before the script
 * has come, it stays open.
 */
export function Menu(props: MenuProps) {
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
}: MenuProps & { open: boolean }) {
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
