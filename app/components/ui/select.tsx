import ChevronDown from "lucide-react/icons/chevron-down"
import type { SelectHTMLAttributes } from "react"
import { classNames } from "~/components/class-names"
import { inputLook, inputSize, useFieldInput } from "~/components/ui/field-context"

type Props = SelectHTMLAttributes<HTMLSelectElement> & {
  options: readonly Option[]
}

/** Options of one group stand together under its name. */
type Option = { value: string; label: string; disabled?: boolean; group?: string }

/** The browser's own select inside a Field. */
export function Select({ options, className, defaultValue, ...select }: Props) {
  const { attributes, typed } = useFieldInput()
  return (
    <span className="relative block">
      <select
        {...select}
        {...attributes}
        defaultValue={select.value === undefined ? (typed ?? defaultValue) : undefined}
        className={classNames(inputLook, inputSize, "appearance-none pr-9", className)}
      >
        {grouped(options).map(({ group, own }) =>
          group ? (
            <optgroup key={group} label={group}>
              {own.map(optionOf)}
            </optgroup>
          ) : (
            own.map(optionOf)
          ),
        )}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-3 my-auto size-4 text-ink-soft"
      />
    </span>
  )
}

function optionOf({ value, label, disabled }: Option) {
  return (
    <option key={value} value={value} disabled={disabled}>
      {label}
    </option>
  )
}

function grouped(options: readonly Option[]): { group: string | undefined; own: Option[] }[] {
  const groups = [...new Set(options.map(({ group }) => group))]
  return groups.map(group => ({ group, own: options.filter(option => option.group === group) }))
}
