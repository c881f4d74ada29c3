import type { ChangeEventHandler } from "react"
import { useFieldInput } from "~/components/ui/field-context"

/** Chooses a picture file inside a Field. Its form needs `encType="multipart/form-data"`. */
export function PictureInput({ onChange }: { onChange?: ChangeEventHandler<HTMLInputElement> }) {
  const { attributes } = useFieldInput()
  return (
    <input
      type="file"
      accept="image/png,image/jpeg,image/webp"
      required
      {...attributes}
      onChange={onChange}
      className="w-full min-w-0 text-ink-soft text-sm file:mr-3 file:h-10 file:rounded-md file:border file:border-edge/60 file:border-solid file:bg-surface file:px-4 file:font-semibold file:text-ink file:text-sm hover:file:bg-sunken"
    />
  )
}
