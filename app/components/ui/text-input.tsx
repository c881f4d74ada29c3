import type { InputHTMLAttributes } from "react"
import { classNames } from "~/components/class-names"
import { inputLook, inputSize, useFieldInput } from "~/components/ui/field-context"

/** One line of text inside a Field. Takes any input attribute; keeps what was typed when the form is refused. */
export function TextInput({ className, defaultValue, ...input }: InputHTMLAttributes<HTMLInputElement>) {
  const { attributes, typed } = useFieldInput()
  return (
    <input
      type="text"
      {...input}
      {...attributes}
      defaultValue={input.value === undefined ? (typed ?? defaultValue) : undefined}
      className={classNames(inputLook, inputSize, "read-only:bg-sunken", className)}
    />
  )
}
