import { useSearchParams } from "@remix-run/react"
import { PublicPage } from "~/components/page"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { paths } from "~/lib/paths"

type Props = { organizationName?: string; inviterName?: string; askedAgain?: boolean }

/** An invitation that has run out: asks the inviter for a new one, once, and leads nowhere else [O5]. */
export function ExpiredInvitation({ organizationName = "the organisation", inviterName, askedAgain }: Props) {
  const token = useSearchParams()[0].get("token") ?? ""
  const inviter = inviterName ?? "the person who invited you"
  if (askedAgain) {
    return (
      <PublicPage
        title="This invitation has expired"
        lead={`You have asked for a new one. It comes by mail once ${inviter} sends it.`}
      />
    )
  }
  return (
    <PublicPage
      title="This invitation has expired"
      lead={`Invitations are good for a limited time. We can ask ${inviter} to invite you to ${organizationName} again.`}
    >
      <Form action={paths.invitationAskAgain()} reloadDocument>
        <input type="hidden" name="token" value={token} />
        <Button size="large" wide pendingLabel="Asking…">
          Ask for a new invitation
        </Button>
      </Form>
    </PublicPage>
  )
}
