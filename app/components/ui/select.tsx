import ChevronDown from "lucide-react/icons/chevron-down"
import type { SelectHTMLAttributes } from "react"
import { classNames } from "~/components/class-names"
import { inputLook, inputSize, useFieldInput } from "~/components/ui/field-context"

type Props = SelectHTMLAttributes<HTMLSelectElement> & {
  options: readonly { value: string; label: string; disabled?: boolean }[]
}

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
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-3 my-auto size-4 text-ink-soft"
      />
    </span>
  )
}
