import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PasskeyAnswer } from "~/components/passkey-answer"
import { SecondFactorFields } from "~/components/second-factor-fields"
import { SignInOver } from "~/components/sign-in-over"
import { Button } from "~/components/ui/button"
import { Form } from "~/components/ui/form"
import { TextLink } from "~/components/ui/text-link"
import { countCheck, forgiveCheck } from "~/domain/sign-in/check-limit.server"
import {
  answerWithPasskey,
  answerWithRecoveryCode,
  answerWithTotp,
  viewChallenge,
} from "~/domain/sign-in/second-factor.server"
import { clearChallenge, readChallengeMark } from "~/http/challenge-cookie.server"
import { readForm, refuse } from "~/http/forms.server"
import { optionalSession } from "~/http/guards.server"
import { passkeyAsked } from "~/http/passkey-asked.server"
import { codesLeftToast } from "~/http/recovery-code-toast.server"
import { secondFactorWords } from "~/http/second-factor-words.server"
import { attemptOf, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Second step", matches)

const Answer = z.object({
  by: z.enum(["totp", "recovery_code", "passkey"], "Choose how to prove it."),
  code: z.string().max(64, "A code is shorter than that.").default(""),
  passkey: z.string().max(16_000).default(""),
})

/** Each refusal needs a fresh challenge for the passkey. */
export const shouldRevalidate = () => true

export async function loader({ request }: LoaderFunctionArgs) {
  const mark = readChallengeMark(request)
  const waiting = mark && (await viewChallenge(mark.token))
  if (waiting) {
    const recovery = new URL(request.url).searchParams.get("by") === "recovery-code"
    const by = recovery ? "recovery_code" : "totp"
    return data({ ...waiting, by, passkey: await passkeyAsked(waiting.userId) } as const)
  }
  if (optionalSession(request)) throw redirect(mark?.destination ?? paths.start())
  if (!mark) throw redirect(paths.signIn.start())
  return over(mark.destination)
}

/** The waiting sign-in is over; where it should have led is kept for the next one. */
function over(destination = paths.start()) {
  const headers = { "Set-Cookie": clearChallenge() }
  return data({ ended: true, again: paths.signIn.start(destination) } as const, { status: 410, headers })
}

const answerBy = { totp: answerWithTotp, recovery_code: answerWithRecoveryCode, passkey: answerWithPasskey }

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Answer)
  if (!form.ok) return refuse(form)
  const mark = readChallengeMark(request)
  if (!mark) throw redirect(paths.signIn.start())
  const attempt = attemptOf(request, context)
  const allowed = await countCheck(attempt.requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const { by, code, passkey } = form.value
  const answered = await answerBy[by](mark.token, by === "passkey" ? passkey : code, attempt)
  if (!answered.ok) {
    if (answered.error.because === "ended") return over(mark.destination)
    const words = secondFactorWords(answered.error, by)
    return refuse(form, by === "passkey" ? { message: words } : { fields: { code: words } })
  }
  await forgiveCheck(attempt.requester.clientAddress)
  const { entry, codesLeft } = answered.value
  if (codesLeft !== undefined) context.cookies.push(await codesLeftToast(codesLeft))
  return signedInResponse(entry, mark.destination)
}

export default function SecondFactor() {
  const view = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  if ("ended" in view) return <SignInOver again={view.again} />
  if (answer && "ended" in answer) return <SignInOver again={answer.again} />
  const { by, maskedEmail, passkey } = view
  const problemOf = (shown: boolean) => (shown ? answer : undefined)
  const answeredByPasskey = answer?.values?.by === "passkey"
  return (
    <PublicPage
      title="One more step"
      lead={`Show that it is you, ${maskedEmail}.`}
      footer={<TextLink to={paths.signIn.start()}>Sign in as someone else</TextLink>}
    >
      <Form problem={problemOf(!answeredByPasskey)}>
        <SecondFactorFields key={by} by={by} />
        <Button size="large" wide pendingLabel="Checking…">
          Sign in
        </Button>
      </Form>
      {passkey && (
        <Form problem={problemOf(answeredByPasskey)} className="mt-6">
          <input type="hidden" name="by" value="passkey" />
          <PasskeyAnswer name="passkey" options={passkey} kind="secondary" wide />
        </Form>
      )}
      <p className="mt-6 text-center text-sm">
        <TextLink to={paths.signIn.secondFactor(by === "totp" ? "recovery-code" : undefined)} replace>
          {by === "totp" ? "Use a recovery code" : "Use the authenticator app"}
        </TextLink>
      </p>
    </PublicPage>
  )
}
