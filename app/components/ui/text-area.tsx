import type { TextareaHTMLAttributes } from "react"
import { classNames } from "~/components/class-names"
import { inputLook, useFieldInput } from "~/components/ui/field-context"

/** Several lines of text inside a Field, such as a list of addresses. */
export function TextArea({ className, defaultValue, ...area }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const { attributes, typed } = useFieldInput()
  return (
    <textarea
      rows={3}
      {...area}
      {...attributes}
      defaultValue={area.value === undefined ? (typed ?? defaultValue) : undefined}
      className={classNames(inputLook, "py-2 text-base read-only:bg-sunken sm:text-sm", className)}
    />
  )
}
