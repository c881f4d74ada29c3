import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { RecoveryCodes } from "~/components/recovery-codes"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Form } from "~/components/ui/form"
import { renewRecoveryCodes, viewTwoFactor } from "~/domain/accounts/enrolment.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Recovery codes", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  const view = await viewTwoFactor(requireSession(request))
  if (view.state !== "on") throw redirect(paths.account.twoFactor())
  return { codesLeft: view.codesLeft }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, z.object({}))
  if (!form.ok) return refuse(form)
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const made = await renewRecoveryCodes(signedIn, requesterOf(request, context))
  if (!made) throw redirect(paths.account.twoFactor(), 303)
  return data({ recoveryCodes: made })
}

export default function RecoveryCodesPage() {
  const { codesLeft } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const made = answer && "recoveryCodes" in answer ? answer.recoveryCodes : undefined
  const problem = answer && !("recoveryCodes" in answer) ? answer : undefined
  return (
    <AppPage title="Recovery codes" lead="For the day your phone is lost, broken or new.">
      {made ? (
        <RecoveryCodes codes={made} onward={paths.account.twoFactor()} />
      ) : (
        <Card
          title={codesLeft === 1 ? "One code is left" : `${codesLeft} of 10 codes are left`}
          lead="Making ten new ones ends those you have."
        >
          <Form problem={problem}>
            <div className="flex flex-wrap gap-3">
              <Button pendingLabel="Making them…">Make new codes</Button>
              <ButtonLink kind="quiet" to={paths.account.twoFactor()}>
                Back
              </ButtonLink>
            </div>
          </Form>
        </Card>
      )}
    </AppPage>
  )
}
