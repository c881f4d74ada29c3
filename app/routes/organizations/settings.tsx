import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { LogoForm } from "~/components/logo-form"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { SettingsTabs } from "~/components/settings-tabs"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { isLogoTrouble, logoTroubles } from "~/domain/organizations/logo-words"
import { renameOrganization } from "~/domain/organizations/organizations.server"
import { can } from "~/domain/organizations/roles"
import { NameOrganization } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const meta: MetaFunction = ({ matches }) => pageTitle("Settings", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.set_up")
  const { slug, name, logo } = membership.organization
  const { role } = membership
  const said = new URL(request.url).searchParams.get("logo")
  const logoTrouble = isLogoTrouble(said) ? logoTroubles[said] : undefined
  const webAddress = env().appUrl + paths.organization.overview(slug)
  const mayMove = can(role, "organization.change_address")
  return { slug, webAddress, name, logo, role, logoTrouble, mayMove }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.set_up")
  const form = await readForm(request, NameOrganization)
  if (!form.ok) return refuse(form)
  const renamed = await renameOrganization(membership, form.value.name, requesterOf(request, context))
  if (!renamed.ok) throw failure("conflict")
  const words = `The name is saved: ${form.value.name}.`
  return redirectWithToast(paths.organization.settings(membership.organization.slug), { kind: "good", words })
}

export default function Settings() {
  const { slug, webAddress, name, logo, role, logoTrouble, mayMove } = useLoaderData<typeof loader>()
  const problem = useActionData<typeof action>()
  return (
    <AppPage title="Settings" lead="What everyone in this organisation sees.">
      <SettingsTabs slug={slug} role={role} />
      <Card title="Name">
        <Form problem={problem} className="max-w-md" action={paths.organization.settings(slug)}>
          <Field name="name" label="Name of the organisation" hint="Its web address stays as it is.">
            <TextInput autoComplete="organization" maxLength={80} defaultValue={name} required />
          </Field>
          <div>
            <Button pendingLabel="Saving…">Save</Button>
          </div>
        </Form>
      </Card>
      <Card title="Logo" lead="Beside the name, wherever people switch between organisations.">
        <LogoForm slug={slug} name={name} logo={logo} trouble={logoTrouble} />
      </Card>
      <Card title="Web address" lead={mayMove ? undefined : "An owner can change it."}>
        <div className="flex flex-wrap items-center justify-between gap-4 text-sm">
          <span className="break-all text-ink">{webAddress}</span>
          {mayMove && (
            <ButtonLink kind="secondary" to={paths.organization.address(slug)}>
              Change the web address
            </ButtonLink>
          )}
        </div>
      </Card>
    </AppPage>
  )
}
