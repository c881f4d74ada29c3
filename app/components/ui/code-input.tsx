import type { InputHTMLAttributes } from "react"
import { classNames } from "~/components/class-names"
import { inputLook, useFieldInput } from "~/components/ui/field-context"

/** The code of a mail, typed or pasted with spaces as people do; the server forgives. Belongs inside a Field. */
export function CodeInput({ className, ...input }: InputHTMLAttributes<HTMLInputElement>) {
  const { attributes } = useFieldInput()
  return (
    <input
      type="text"
      inputMode="text"
      autoComplete="one-time-code"
      autoCapitalize="characters"
      autoCorrect="off"
      spellCheck={false}
      maxLength={24}
      {...input}
      {...attributes}
      className={classNames(
        inputLook,
        "code-input h-14 text-center font-semibold text-xl uppercase indent-[0.28em] tracking-[0.28em]",
        className,
      )}
    />
  )
}
