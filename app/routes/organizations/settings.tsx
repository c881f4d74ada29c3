import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { renameOrganization } from "~/domain/organizations/organizations.server"
import { NameOrganization } from "~/domain/organizations/schemas"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Settings", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.set_up")
  const { slug, name } = membership.organization
  return { slug, name }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.set_up")
  const form = await readForm(request, NameOrganization)
  if (!form.ok) return refuse(form)
  await renameOrganization(membership, form.value.name, requesterOf(request, context))
  const words = `The name is saved: ${form.value.name}.`
  return redirectWithToast(paths.organization.settings(membership.organization.slug), { kind: "good", words })
}

export default function Settings() {
  const { slug, name } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Settings" lead="What everyone in this organisation sees.">
      <Card>
        <Form problem={useActionData<typeof action>()} className="max-w-md">
          <Field
            name="name"
            label="Name of the organisation"
            hint={`Its address stays ${paths.organization.overview(slug)}, so links to it keep working.`}
          >
            <TextInput autoComplete="organization" maxLength={80} defaultValue={name} required />
          </Field>
          <div>
            <Button pendingLabel="Saving…">Save</Button>
          </div>
        </Form>
      </Card>
    </AppPage>
  )
}
