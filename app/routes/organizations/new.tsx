import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData } from "@remix-run/react"
import { PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { foundOrganization } from "~/domain/onboarding/found-organization.server"
import { NameOrganization } from "~/domain/organizations/schemas"
import { readForm, refuse } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("New organisation", matches)

export async function loader({ request }: LoaderFunctionArgs) {
  requireSession(request)
  return null
}

export async function action({ request, context }: ActionFunctionArgs) {
  const { userId: ownerId } = requireSession(request)
  const form = await readForm(request, NameOrganization)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const founded = await foundOrganization({ ...form.value, ownerId, requester })
  if (founded.ok) return redirect(paths.onboarding(founded.value.slug), 303)
  return refuse(
    form,
    { message: "That is enough new organisations for one day. Come back tomorrow." },
    { status: 429 },
  )
}

export default function NewOrganization() {
  return (
    <PublicPage
      title="Name your organisation"
      lead="It holds your people, their roles and the plan. You can change the name later."
      footer={
        <>
          Looking for the plans? <TextLink to={paths.pricing()}>See pricing</TextLink>
        </>
      }
    >
      <Form problem={useActionData<typeof action>()}>
        <Field name="name" label="Name">
          <TextInput autoComplete="organization" maxLength={80} required autoFocus />
        </Field>
        <Button size="large" wide pendingLabel="Creating…">
          Create organisation
        </Button>
      </Form>
    </PublicPage>
  )
}
