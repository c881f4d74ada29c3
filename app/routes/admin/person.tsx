import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useLoaderData } from "@remix-run/react"
import { DeskPersonFacts } from "~/components/desk-person-facts"
import { DeskShutOut } from "~/components/desk-shut-out"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Card } from "~/components/ui/card"
import { deskPerson } from "~/domain/organizations/desk-people.server"
import { DeskPersonForm } from "~/domain/organizations/desk-schemas"
import { disablePerson, enablePerson, type ShutOutRefusal } from "~/domain/organizations/shut-out.server"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { requireOperator } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data?.person.name || data?.person.email || "Person", matches)

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { userId } = requireOperator(request)
  const person = await personOf(params.userId)
  return { person, isYou: person.id === userId }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { userId } = requireOperator(request)
  const { id, name, email } = await personOf(params.userId)
  const form = await readForm(request, DeskPersonForm)
  if (!form.ok) throw failure("invalid_input")
  const requester = requesterOf(request, context)
  const page = paths.admin.person(id)
  const whom = name || email
  if (form.value.intent === "enable") {
    const enabled = await enablePerson(userId, id, requester)
    const words = enabled ? `${whom} can sign in again, and gets a mail.` : `${whom} is not disabled.`
    return redirectWithToast(page, { kind: enabled ? "good" : "bad", words })
  }
  const disabled = await disablePerson(userId, id, requester)
  const words = disabled.ok ? `${whom} is disabled and signed out everywhere.` : refusal(whom, disabled.error)
  return redirectWithToast(page, { kind: disabled.ok ? "good" : "bad", words })
}

function refusal(whom: string, refused: ShutOutRefusal): string {
  switch (refused.because) {
    case "last_owner": {
      const named = refused.organizations.map(({ name }) => name).join(", ")
      return `${whom} is the only owner of ${named}. Someone else must own it first, or it must be closed.`
    }
    case "yourself":
      return "You cannot disable yourself. Ask another operator."
    case "disabled_already":
      return `${whom} is disabled already.`
    case "no_operator":
    case "not_found":
      return "This has changed in the meantime. Look at it again."
  }
}

async function personOf(id = "") {
  const person = await deskPerson(id)
  if (!person) throw failure("not_found")
  return person
}

export default function AdminPerson() {
  const { person, isYou } = useLoaderData<typeof loader>()
  return (
    <AppPage title={person.name || person.email} lead={person.name ? person.email : undefined}>
      <Card title="The account">
        <DeskPersonFacts person={person} />
      </Card>
      {!isYou && <DeskShutOut name={person.name || person.email} disabled={person.disabledAt !== null} />}
    </AppPage>
  )
}
