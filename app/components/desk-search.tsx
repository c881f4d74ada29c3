import { Form } from "@remix-run/react"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { TextInput } from "~/components/ui/text-input"

type Props = { label: string; placeholder: string; search: string }

/** Finds something in a list of the operator's desk. What is searched stands in the address. */
export function DeskSearch({ label, placeholder, search }: Props) {
  return (
    <Form role="search" className="flex max-w-md items-end gap-2">
      {/* Going back fills the field anew; the button keeps the focus. */}
      <div key={search} className="flex-1">
        <Field name="search" label={label} hideLabel>
          <TextInput type="search" defaultValue={search} placeholder={placeholder} />
        </Field>
      </div>
      <Button kind="secondary">Find</Button>
    </Form>
  )
}
