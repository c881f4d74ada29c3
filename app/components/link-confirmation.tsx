import { useSearchParams } from "@remix-run/react"
import { AutoSubmit } from "~/components/auto-submit"
import { OtherPerson, StaySignedIn } from "~/components/other-person"
import { PublicPage } from "~/components/page"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { Time } from "~/components/ui/time"
import { paths } from "~/lib/paths"

type Asked = { at: Date | string; device: string; network: string }

type Props = {
  maskedEmail: string
  /** When and roughly where it was asked for. */
  asked?: Asked
  /** Whose mail it came with, when no browser asked. */
  origin: "request" | "purchase" | "server"
  /** This browser asked for it: it goes on without another click. */
  sameBrowser: boolean
  otherPerson: boolean
  signedInAs?: string
}

/** The page behind a sign-in link: a button that names whom it signs in, and where it was asked for [L2]. */
export function LinkConfirmation({
  maskedEmail,
  asked,
  origin,
  sameBrowser,
  otherPerson,
  signedInAs,
}: Props) {
  const token = useSearchParams()[0].get("token") ?? ""
  return (
    <PublicPage title={`Sign in as ${maskedEmail}`} lead={<Origin asked={asked} origin={origin} />}>
      {otherPerson && (
        <div className="mb-6">
          <OtherPerson signedInAs={signedInAs} linkIsFor={maskedEmail} />
        </div>
      )}
      <Form action={paths.signIn.link(token)} reloadDocument>
        <input type="hidden" name="token" value={token} />
        {otherPerson && <input type="hidden" name="anyway" value="yes" />}
        {sameBrowser && !otherPerson && <AutoSubmit />}
        <Button size="large" wide pendingLabel="Signing in…">
          Sign in as {maskedEmail}
        </Button>
      </Form>
      {otherPerson && <StaySignedIn as={signedInAs} />}
      {origin === "request" && (
        <p className="mt-6 text-center text-ink-soft text-sm">
          Did not ask for this? Close the page; nothing happens.
        </p>
      )}
    </PublicPage>
  )
}

function Origin({ asked, origin }: { asked?: Asked; origin: Props["origin"] }) {
  if (origin === "purchase") return <>This link came with the mail about your purchase.</>
  if (!asked) return <>This link was made on the server, for its operator.</>
  return (
    <>
      Asked for <Time at={asked.at} show="relative" /> from {asked.device}, network {asked.network}.
    </>
  )
}
