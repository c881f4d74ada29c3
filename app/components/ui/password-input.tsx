import Eye from "lucide-react/icons/eye"
import EyeOff from "lucide-react/icons/eye-off"
import { type InputHTMLAttributes, useState } from "react"
import { classNames } from "~/components/class-names"
import { inputLook, inputSize, useFieldInput } from "~/components/ui/field-context"
import { useHydrated } from "~/components/use-hydrated"

/** A password inside a Field, which its owner can look at. It is never written back into a page. */
export function PasswordInput({ className, ...input }: InputHTMLAttributes<HTMLInputElement>) {
  const { attributes } = useFieldInput()
  const [shown, setShown] = useState(false)
  const alive = useHydrated()
  const Icon = shown ? EyeOff : Eye
  return (
    <div className="relative">
      <input
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        {...input}
        {...attributes}
        type={shown ? "text" : "password"}
        className={classNames(inputLook, inputSize, alive && "pr-12", className)}
      />
      {alive && (
        <button
          type="button"
          aria-pressed={shown}
          aria-controls={attributes.id}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-md text-ink-soft hover:text-ink"
        >
          <Icon aria-hidden className="size-[1.125rem]" />
          <span className="sr-only">Show the password</span>
        </button>
      )}
    </div>
  )
}
