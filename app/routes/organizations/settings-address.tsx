import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AddressNotes } from "~/components/address-notes"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { OrganizationAddress } from "~/domain/organizations/address-field.server"
import { type AddressRefusal, changeAddress } from "~/domain/organizations/change-address.server"
import { formerSlugsOf } from "~/domain/organizations/former-addresses.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { formatDuration } from "~/lib/format"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Address of the organisation", matches)

const ChangeAddress = z.object({ slug: OrganizationAddress })

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.change_address")
  const { slug, name } = membership.organization
  return { slug, name, former: await formerSlugsOf(membership.organizationId) }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug, "organization.change_address")
  const form = await readForm(request, ChangeAddress)
  if (!form.ok) return refuse(form)
  const changed = await changeAddress(membership, form.value.slug, requesterOf(request, context))
  if (!changed.ok) {
    if (changed.error === "changed") throw failure("conflict")
    const { status, words } = said(changed.error)
    return refuse(form, { fields: { slug: words } }, { status })
  }
  const { slug } = changed.value
  const words = `The address is now ${paths.organization.overview(slug)}. Links to the old one keep working.`
  return redirectWithToast(paths.organization.settings(slug), { kind: "good", words })
}

function said(refusal: Exclude<AddressRefusal, "changed">) {
  if (refusal === "same") return { status: 400, words: "This is the address it has." }
  if (refusal === "taken") return { status: 409, words: "This address is taken. Choose another." }
  const wait = formatDuration(refusal.retryAfterSeconds * 1_000)
  return {
    status: 429,
    words: `That is enough for now, so that nobody collects addresses. You can try again in ${wait}.`,
  }
}

export default function Address() {
  const { slug, name, former } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Change the web address" lead={`Where everyone finds ${name}.`}>
      <Card>
        <Form problem={useActionData<typeof action>()} className="max-w-md">
          <Field
            name="slug"
            label="New address"
            hint={`It stands behind ${paths.organization.overview("")}: letters a to z, digits and dashes.`}
          >
            <TextInput
              defaultValue={slug}
              maxLength={40}
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              required
            />
          </Field>
          <div className="flex flex-wrap gap-3">
            <Button pendingLabel="Changing…">Change the web address</Button>
            <ButtonLink kind="quiet" to={paths.organization.settings(slug)}>
              Keep {paths.organization.overview(slug)}
            </ButtonLink>
          </div>
        </Form>
      </Card>
      <Card title="What happens to old links">
        <AddressNotes slug={slug} former={former} />
      </Card>
    </AppPage>
  )
}
