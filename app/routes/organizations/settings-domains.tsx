import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { DomainsTable } from "~/components/domains-table"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { SettingsTabs } from "~/components/settings-tabs"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { domainOf } from "~/domain/accounts/addresses.server"
import { addDomain, listDomains, mostDomains, removeDomain } from "~/domain/organizations/domains.server"
import { isForEveryone, shownDomain } from "~/domain/organizations/mail-domain.server"
import { DomainForm } from "~/domain/organizations/schemas"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Domains", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug, "security.manage")
  const domains = await listDomains(membership)
  const own = domainOf(signedIn.email)
  const offered = !domains.some(({ domain }) => domain === own) && !(await isForEveryone(own))
  return {
    slug: membership.organization.slug,
    name: membership.organization.name,
    role: membership.role,
    email: signedIn.email,
    offered: offered ? shownDomain(own) : undefined,
    domains: domains.map(row => ({ ...row, shown: shownDomain(row.domain) })),
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { signedIn, membership } = await requireMembership(request, params.slug, "security.manage")
  const form = await readForm(request, DomainForm)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const { slug } = membership.organization
  const toast = (words: string) =>
    redirectWithToast(paths.organization.domains(slug), { kind: "good", words })
  if (form.value.intent === "remove") {
    const removed = await removeDomain(membership, form.value.domain, requester)
    if (!removed.ok) throw failure(removed.error === "changed" ? "conflict" : "not_found")
    return toast(`People of ${shownDomain(form.value.domain)} need an invitation from now on.`)
  }
  const added = await addDomain(membership, form.value.domain, requester)
  if (added.ok)
    return toast(
      `Anyone with a confirmed address at ${shownDomain(added.value.domain)} can join as a member.`,
    )
  if (added.error === "changed") throw failure("conflict")
  return refuse(form, { fields: { domain: refusals[added.error](signedIn.email) } })
}

const refusals = {
  no_domain: () => "Enter a domain, such as example.com.",
  for_everyone: () => "Anyone can get an address there, so it says nothing about who belongs to you.",
  not_yours: (email: string) => `Only an owner with an address of that domain can add it. Yours is ${email}.`,
  there_already: () => "This domain is on the list.",
  too_many: () => `There are ${mostDomains} domains, which is as many as there can be. Remove one first.`,
}

export default function Domains() {
  const { slug, name, role, email, offered, domains } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Settings" lead={`Whose people may join ${name} without an invitation.`}>
      <SettingsTabs slug={slug} role={role} />
      <Card
        title="Domains"
        lead="Anyone with a confirmed address at one of these domains can join as a member."
        flush
      >
        <DomainsTable slug={slug} domains={domains} />
      </Card>
      <Card title="Allow a domain" className="max-w-xl">
        <Form problem={useActionData<typeof action>()}>
          <Field
            name="domain"
            label="Domain"
            hint={`It has to be the domain of your own address, ${email}. Subdomains do not count.`}
          >
            <TextInput
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              defaultValue={offered}
              placeholder="example.com"
              required
            />
          </Field>
          <Button name="intent" value="add" pendingLabel="Allowing…">
            Allow this domain
          </Button>
        </Form>
      </Card>
    </AppPage>
  )
}
