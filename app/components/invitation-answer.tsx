import { useSearchParams } from "@remix-run/react"
import { InvitationCard } from "~/components/invitation-card"
import { NewPassword } from "~/components/new-password"
import { OtherPerson, StaySignedIn } from "~/components/other-person"
import { PublicPage } from "~/components/page"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import type { OpenInvitation } from "~/domain/onboarding/invitation-page"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Props = { view: OpenInvitation; signedInAs: string | undefined; problem: FormProblem | undefined }

/** An open invitation and the button that accepts it; for someone signed in with another address, the choice to switch [O4]. */
export function InvitationAnswer({ view, signedInAs, problem }: Props) {
  const token = useSearchParams()[0].get("token") ?? ""
  const { organizationName, address, otherPerson, asksName, asksPassword } = view
  return (
    <PublicPage title={`Join ${organizationName}`} lead={`This invitation is for ${address}.`}>
      <div className="flex flex-col gap-6">
        <InvitationCard {...view} />
        {otherPerson && <OtherPerson signedInAs={signedInAs} linkIsFor={address} />}
        <Form problem={problem} action={paths.invitation(token)} reloadDocument>
          <input type="hidden" name="token" value={token} />
          {otherPerson && <input type="hidden" name="anyway" value="yes" />}
          {asksName && (
            <Field name="name" label="Your name" hint="The people there will see it." optional>
              <TextInput autoComplete="name" maxLength={80} />
            </Field>
          )}
          {asksPassword && <NewPassword label="Choose a password" />}
          <Button size="large" wide pendingLabel="Joining…">
            {otherPerson ? "Switch and accept" : "Accept invitation"}
          </Button>
        </Form>
        {otherPerson && <StaySignedIn as={signedInAs} />}
      </div>
    </PublicPage>
  )
}
