import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Dialog } from "~/components/ui/dialog"
import { Form } from "~/components/ui/form"
import { RadioCards } from "~/components/ui/radio-cards"
import { TextLink } from "~/components/ui/text-link"
import { type Role, roleNames, roleWords } from "~/domain/organizations/roles"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type RoleFormProps = {
  slug: string
  role: Role
  /** What the reader may hand out. */
  grantable: readonly Role[]
  isYou: boolean
  problem?: FormProblem | null
}

/** Another role for a member. */
export function RoleForm({ slug, role, grantable, isYou, problem }: RoleFormProps) {
  return (
    <Card title={isYou ? "Your role" : "Role"}>
      <Form problem={problem} className="max-w-xl">
        <RadioCards
          name="role"
          legend="Role"
          hideLegend
          hint={isYou ? "If you give yourself a lower role, someone else has to give you this one back." : ""}
          defaultValue={role}
          options={grantable.map(value => ({ value, title: roleNames[value], note: roleWords[value] }))}
        />
        <div className="flex flex-wrap items-center gap-4">
          <Button name="intent" value="change_role" pendingLabel="Saving…">
            Save role
          </Button>
          <TextLink className="text-sm" to={paths.organization.roles(slug)}>
            Who may do what
          </TextLink>
        </div>
      </Form>
    </Card>
  )
}

/** Removing someone, with a question in between that names them. */
export function Removal({
  person,
  organization,
  openInvitations,
  apiKeys,
}: {
  person: string
  organization: string
  openInvitations: number
  apiKeys: number
}) {
  return (
    <Card
      title={`Remove from ${organization}`}
      lead="They can no longer open the organisation. What they did here stays, and they can be invited again."
    >
      <Dialog
        trigger="Remove…"
        title={`Remove ${person}?`}
        lead={`${person} loses access to ${organization} at once, and gets a mail about it.${sentWords(openInvitations)}${keyWords(apiKeys)}`}
      >
        <Form>
          <Button kind="danger" name="intent" value="remove" pendingLabel="Removing…">
            Remove from the organisation
          </Button>
        </Form>
      </Dialog>
    </Card>
  )
}

function sentWords(open: number): string {
  if (open === 0) return ""
  return open === 1
    ? " An invitation they sent is still open; it is withdrawn."
    : ` ${open} invitations they sent are still open; they are withdrawn.`
}

function keyWords(keys: number): string {
  if (keys === 0) return ""
  return keys === 1
    ? " An API key they made ends; a program that uses it needs another one."
    : ` ${keys} API keys they made end; the programs that use them need others.`
}

/** The way out of an organisation. Its only owner is told what has to come first. */
export function Leaving({
  slug,
  organization,
  onlyOwner,
}: {
  slug: string
  organization: string
  onlyOwner: boolean
}) {
  if (onlyOwner) {
    return (
      <Card
        title={`You are the only owner of ${organization}`}
        lead="To step down or leave, hand it over, or make someone else an owner too."
      >
        <ButtonLink kind="secondary" to={paths.organization.transfer(slug)}>
          Hand it over
        </ButtonLink>
      </Card>
    )
  }
  return (
    <Card title={`Leave ${organization}`} lead="You can come back only when someone invites you again.">
      <ButtonLink kind="secondary" to={paths.organization.leave(slug)}>
        Leave…
      </ButtonLink>
    </Card>
  )
}
