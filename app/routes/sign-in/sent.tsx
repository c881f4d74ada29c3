import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { InboxLinks } from "~/components/inbox-links"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { CodeInput } from "~/components/ui/code-input"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { TextLink } from "~/components/ui/text-link"
import { countCheck, forgiveRequestedLink } from "~/domain/sign-in/check-limit.server"
import { type CodeFailure, signInWithCode } from "~/domain/sign-in/codes.server"
import { formStamp } from "~/http/bot-check.server"
import { readForm, refuse } from "~/http/forms.server"
import { sayWhatBecame } from "~/http/registration-toast.server"
import { readRequestMark } from "~/http/request-cookie.server"
import { attemptOf, onward, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Check your mail", matches)

const TypedCode = z.object({ code: z.string("Enter the code from the mail.").max(64) })

const codeWords: Record<CodeFailure, string> = {
  malformed: "The code has six letters and digits. Look at the mail and type it again.",
  // The same for whom no code was sent, and for whom one was.
  wrong: "That code is wrong, or has expired. Look at the newest mail, or ask for a fresh one below.",
  void: "Too many wrong codes: the code no longer works. The link in the mail still does.",
  used: "This code has been used already. Ask for a fresh mail below.",
  disabled: "This account is shut. Ask the person who runs this site.",
}

export async function loader({ request }: LoaderFunctionArgs) {
  const mark = readRequestMark(request)
  if (!mark) throw redirect(paths.signIn.start())
  return { address: mark.typed, made: formStamp(), mailboxUrl: env().mailboxUrl }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, TypedCode)
  if (!form.ok) return refuse(form)
  const { requestToken, ...attempt } = attemptOf(request, context)
  if (!requestToken) throw redirect(paths.signIn.start())
  const { clientAddress } = attempt.requester
  const allowed = await countCheck(clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const signedIn = await signInWithCode(form.value.code, { ...attempt, requestToken })
  if (!signedIn.ok) return refuse(form, { fields: { code: codeWords[signedIn.error] } })
  await forgiveRequestedLink(clientAddress)
  await sayWhatBecame(context, signedIn.value.registration)
  return signedInResponse(signedIn.value.entry, onward(signedIn.value.redirectTo))
}

export default function Sent() {
  const { address, made, mailboxUrl } = useLoaderData<typeof loader>()
  const masked = address.includes("•")
  return (
    <PublicPage
      title="Check your mail"
      lead={
        <>
          If <strong className="break-all text-ink">{address}</strong> can sign in here, a link and a code are
          on their way.
        </>
      }
    >
      <Form problem={useActionData<typeof action>()}>
        <Field
          name="code"
          label="Code from the mail"
          hint="Six letters and digits. Or open the link in the mail."
        >
          <CodeInput autoFocus required />
        </Field>
        <Button size="large" wide pendingLabel="Checking…">
          Sign in
        </Button>
      </Form>
      <div className="mt-6">
        <InboxLinks address={address} mailboxUrl={mailboxUrl} />
      </div>
      <section aria-labelledby="no-mail" className="mt-8 border-line border-t pt-6 text-ink-soft text-sm">
        <h2 id="no-mail" className="font-medium text-ink">
          No mail after a minute?
        </h2>
        <p className="mt-1">Look in the spam folder, and check that the address is right.</p>
        {!masked && (
          <Form action={paths.signIn.start()} className="mt-4 !gap-0">
            <input type="hidden" name="email" value={address} />
            <Honeypot time={{ name: "made", value: made }} />
            <Button kind="secondary" pendingLabel="Sending…">
              Send it again
            </Button>
          </Form>
        )}
        <p className="mt-4">
          <TextLink to={paths.signIn.start()}>Use another address</TextLink>
        </p>
      </section>
    </PublicPage>
  )
}
