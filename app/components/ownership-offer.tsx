import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { EmptyState } from "~/components/ui/empty-state"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Select } from "~/components/ui/select"
import { TextInput } from "~/components/ui/text-input"
import { Time } from "~/components/ui/time"
import { mostListed } from "~/domain/organizations/offer-list"
import { type Role, roleNames } from "~/domain/organizations/roles"
import type { FormProblem } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

type Person = { userId: string; name: string; email: string }

export type Offer = {
  from: Person
  to: Person
  createdAt: string | Date
  expiresAt: string | Date
  expired: boolean
}

type Candidate = Person & { role: Role }

/** Offering ownership to a member. */
export function OfferForm({
  name,
  people,
  problem,
}: {
  name: string
  people: readonly Candidate[]
  problem?: FormProblem
}) {
  return (
    <Card
      title="To whom?"
      lead={`They get a mail and have 7 days to accept. Then they own ${name}, and you become an admin. Until then nothing changes.`}
    >
      <Form problem={problem} className="max-w-md">
        <Receiver people={people} />
        <Button name="intent" value="offer" pendingLabel="Offering…">
          Offer ownership
        </Button>
      </Form>
    </Card>
  )
}

/** A choice as long as everybody is listed; in a larger organisation the address is typed, with the browser's suggestions. */
function Receiver({ people }: { people: readonly Candidate[] }) {
  if (people.length < mostListed) {
    const options = people.map(({ name, email, role }) => ({
      value: email,
      label: `${name ? `${name} (${email})` : email} – ${roleNames[role]}`,
    }))
    return (
      <Field name="address" label="Member">
        <Select options={[{ value: "", label: "Choose someone" }, ...options]} required />
      </Field>
    )
  }
  return (
    <>
      <Field name="address" label="E-mail address of a member">
        <TextInput
          type="email"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          list="possible-owners"
          required
        />
      </Field>
      <datalist id="possible-owners">
        {people.map(person => (
          <option key={person.userId} value={person.email}>
            {person.name}
          </option>
        ))}
      </datalist>
    </>
  )
}

/** An offer that waits for its answer, as owners see it. Only whoever made it can take it back. */
export function OpenOffer({ offer, mine }: { offer: Offer; mine: boolean }) {
  const { from, to, createdAt, expiresAt } = offer
  return (
    <Card title={`${mine ? "You offer" : `${from.name} offers`} it to ${to.name}`}>
      <div className="flex flex-col gap-5 text-sm">
        <p className="text-ink-soft">
          Offered <Time at={createdAt} show="relative" />. {to.name} ({to.email}) can accept until{" "}
          <Time at={expiresAt} show="date" />. Until then nothing changes.
        </p>
        {mine && (
          <Form>
            <OfferSeen offer={offer} />
            <Button kind="secondary" name="intent" value="take_back" pendingLabel="Taking it back…">
              Take the offer back
            </Button>
          </Form>
        )}
      </div>
    </Card>
  )
}

/** The question to whoever is to take over. */
export function OfferAnswer({ offer, slug, name }: { offer: Offer; slug: string; name: string }) {
  return (
    <Card title={`${offer.from.name} would like to hand ${name} over to you`}>
      <div className="flex flex-col gap-5 text-sm">
        <p className="text-ink-soft">
          If you accept, you own {name}: you look after everything, including payment and closing.{" "}
          {offer.from.name} becomes an admin. You can answer until <Time at={offer.expiresAt} show="date" />.
        </p>
        <Form action={paths.organization.transferAnswer(slug)}>
          <OfferSeen offer={offer} />
          <div className="flex flex-wrap gap-3">
            <Button name="intent" value="accept" pendingLabel="Accepting…">
              Accept ownership
            </Button>
            <Button kind="secondary" name="intent" value="decline" pendingLabel="Declining…">
              Decline
            </Button>
          </div>
        </Form>
      </div>
    </Card>
  )
}

/** For whoever follows a link to an offer that is no more. */
export function NoOffer({ slug, expired }: { slug: string; expired: boolean }) {
  return (
    <Card>
      <EmptyState
        title={expired ? "This offer has run out" : "There is no offer for you"}
        action={
          <ButtonLink kind="secondary" to={paths.organization.overview(slug)}>
            Back to the overview
          </ButtonLink>
        }
      >
        {expired
          ? "It was open for 7 days. If you still want to take over, ask the owner to offer it again."
          : "If a mail led you here, the offer was taken back or has been answered. Nothing has changed."}
      </EmptyState>
    </Card>
  )
}

/** On the overview of whoever is to take over. */
export function OfferBanner({ from, slug, name }: { from: string; slug: string; name: string }) {
  return (
    <Banner
      tone="info"
      title={`${from} offers you ${name}`}
      action={
        <ButtonLink kind="secondary" size="small" to={paths.organization.transfer(slug)}>
          Accept or decline
        </ButtonLink>
      }
    >
      You would become its owner.
    </Banner>
  )
}

function OfferSeen({ offer }: { offer: Offer }) {
  return <input type="hidden" name="offeredAt" value={+new Date(offer.createdAt)} />
}
