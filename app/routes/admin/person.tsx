import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { DeskPersonFacts } from "~/components/desk-person-facts"
import { DeskShutOut } from "~/components/desk-shut-out"
import { DeskTwoFactor } from "~/components/desk-two-factor"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Card } from "~/components/ui/card"
import { deskPerson } from "~/domain/organizations/desk-people.server"
import { DeskPersonForm } from "~/domain/organizations/desk-schemas"
import { resetTwoFactor } from "~/domain/organizations/reset-two-factor.server"
import { disablePerson, enablePerson, type ShutOutRefusal } from "~/domain/organizations/shut-out.server"
import { failure } from "~/http/failures.server"
import { readForm } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
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
  const signedIn = requireOperator(request)
  const { id, name, email } = await personOf(params.userId)
  const form = await readForm(request, DeskPersonForm)
  if (!form.ok) throw failure("invalid_input")
  const requester = requesterOf(request, context)
  const whom = name || email
  const { intent } = form.value
  if (intent === "reset_two_factor") {
    const owed = await askFreshProof({ request, context, signedIn, form })
    if (owed) return owed
    const reset = await resetTwoFactor(signedIn.userId, id, requester)
    return say(
      id,
      reset.ok,
      reset.ok ? `${whom} signs in by one step again, and gets a mail.` : notReset(whom, reset.error),
    )
  }
  if (intent === "enable") {
    const enabled = await enablePerson(signedIn.userId, id, requester)
    return say(
      id,
      enabled,
      enabled ? `${whom} can sign in again, and gets a mail.` : `${whom} is not disabled.`,
    )
  }
  const disabled = await disablePerson(signedIn.userId, id, requester)
  return say(
    id,
    disabled.ok,
    disabled.ok ? `${whom} is disabled and signed out everywhere.` : refusal(whom, disabled.error),
  )
}

function say(id: string, well: boolean, words: string) {
  return redirectWithToast(paths.admin.person(id), { kind: well ? "good" : "bad", words })
}

function notReset(whom: string, because: "off" | "yourself" | "no_operator"): string {
  if (because === "off") return `${whom} has no two-factor sign-in to reset.`
  if (because === "yourself") return "Switch your own off in your account."
  return "This has changed in the meantime. Look at it again."
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
  const name = person.name || person.email
  const problem = useActionData<typeof action>()
  return (
    <AppPage title={name} lead={person.name ? person.email : undefined}>
      <Card title="The account">
        <DeskPersonFacts person={person} />
      </Card>
      {!isYou && person.twoFactorSince && <DeskTwoFactor name={name} problem={problem} />}
      {!isYou && <DeskShutOut name={name} disabled={person.disabledAt !== null} />}
    </AppPage>
  )
}
