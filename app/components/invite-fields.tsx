import { Field } from "~/components/ui/field"
import { RadioCards } from "~/components/ui/radio-cards"
import { TextArea } from "~/components/ui/text-area"
import { type Role, roleNames, roleWords } from "~/domain/organizations/roles"

/** Whom to invite, and as what: the fields of every form that invites. */
export function InviteFields({ roles }: { roles: readonly Role[] }) {
  return (
    <>
      <Field
        name="addresses"
        label="E-mail addresses"
        hint="One or several, separated by commas or line breaks."
      >
        <TextArea rows={3} autoComplete="off" autoCapitalize="none" spellCheck={false} required />
      </Field>
      <RadioCards
        name="role"
        legend="Role"
        defaultValue="member"
        options={roles.map(role => ({ value: role, title: roleNames[role], note: roleWords[role] }))}
      />
    </>
  )
}
