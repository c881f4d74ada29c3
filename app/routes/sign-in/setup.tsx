import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { LinkFailure } from "~/components/link-failure"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { addressField } from "~/domain/accounts/address-field.server"
import { countCheck } from "~/domain/sign-in/check-limit.server"
import { isSetupLink, setUpOperator } from "~/domain/sign-in/operator-setup.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { attemptOf, signedInResponse, tooMany } from "~/http/sign-in-attempt.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Set up", matches)

const Operator = z.object({
  token: z.string().max(200),
  name: z.string("Enter your name.").trim().min(1).max(100),
  email: addressField,
})

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? ""
  if (!(await isSetupLink(token))) throw failure("not_found")
  return { token }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request, Operator)
  if (!form.ok) return refuse(form)
  const attempt = attemptOf(request, context)
  const allowed = await countCheck(attempt.requester.clientAddress)
  if (!allowed.ok) throw tooMany(allowed.error)
  const { token, name, email } = form.value
  const done = await setUpOperator(token, { address: email, name }, attempt)
  if (!done.ok) return data({ failure: done.error }, { status: 410 })
  return signedInResponse(done.value, paths.admin.overview())
}

export default function Setup() {
  const { token } = useLoaderData<typeof loader>()
  const said = useActionData<typeof action>()
  if (said && "failure" in said) return <LinkFailure state={said.failure} />
  return (
    <PublicPage title="Become the operator" lead="This link works once. You will see the operator’s desk.">
      <Form problem={said} action={paths.setup(token)}>
        <input type="hidden" name="token" value={token} />
        <Field name="name" label="Your name">
          <TextInput autoComplete="name" required />
        </Field>
        <Field name="email" label="E-mail address" hint="You sign in with it from now on.">
          <TextInput type="email" autoComplete="email" required />
        </Field>
        <Button size="large" wide pendingLabel="Setting up…">
          Become the operator
        </Button>
      </Form>
    </PublicPage>
  )
}
