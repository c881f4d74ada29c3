import { Form } from "@remix-run/react"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Select } from "~/components/ui/select"
import { TextInput } from "~/components/ui/text-input"
import { type Role, roleNames, roles } from "~/domain/organizations/roles"

const choices = [
  { value: "", label: "Every role" },
  ...roles.map(role => ({ value: role, label: roleNames[role] })),
]

/** Whom of the members the list shows. Kept in the address. */
export function MemberFilters({ search, role }: { search: string; role?: Role }) {
  return (
    <Form role="search" aria-label="Find members" className="flex max-w-xl flex-wrap items-end gap-2">
      {/* Going back fills the fields anew; the button keeps the focus. */}
      <div key={`search ${search}`} className="min-w-48 flex-1">
        <Field name="search" label="Find someone" hideLabel>
          <TextInput type="search" defaultValue={search} placeholder="Name or address" maxLength={100} />
        </Field>
      </div>
      <div key={`role ${role}`} className="w-36">
        <Field name="role" label="Role" hideLabel>
          <Select options={choices} defaultValue={role ?? ""} />
        </Field>
      </div>
      <Button kind="secondary">Find</Button>
    </Form>
  )
}
