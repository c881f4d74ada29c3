import { useId } from "react"
import { classNames } from "~/components/class-names"
import { CopyButton } from "~/components/ui/copy-button"
import { inputLook, inputSize } from "~/components/ui/field-context"

type Props = { label: string; text: string; copyLabel?: string }

/** A text to take along. Touching the field selects all of it; the button that copies it comes with the script. */
export function CopyField({ label, text, copyLabel }: Props) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-ink text-sm">
        {label}
      </label>
      <div className="flex items-center gap-2">
        <input
          id={id}
          type="text"
          readOnly
          value={text}
          onFocus={event => event.currentTarget.select()}
          className={classNames(inputLook, inputSize, "min-w-0 flex-1 bg-sunken font-mono")}
        />
        <CopyButton text={text} label={copyLabel} />
      </div>
    </div>
  )
}
