import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { NoOffer, OfferAnswer, OfferForm, OpenOffer } from "~/components/ownership-offer"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Banner } from "~/components/ui/banner"
import { offerOwnership, offerRefusals } from "~/domain/organizations/offer-ownership.server"
import { possibleOwners, readOffer } from "~/domain/organizations/ownership-offer.server"
import { can } from "~/domain/organizations/roles"
import { TransferForm } from "~/domain/organizations/schemas"
import { offerGone, takeBackOffer } from "~/domain/organizations/settle-offer.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireMembership } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Ownership", matches)

/** Owners offer, one member answers: everyone may come here, and sees of an offer only what is theirs to see. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { membership } = await requireMembership(request, params.slug)
  const { slug, name } = membership.organization
  const mayOffer = can(membership.role, "ownership.transfer")
  const offer = await readOffer(membership)
  const forYou = offer?.to.userId === membership.userId
  return {
    slug,
    name,
    mayOffer,
    forYou,
    mine: offer?.from.userId === membership.userId,
    offer: mayOffer || forYou ? offer : undefined,
    people: mayOffer ? await possibleOwners(membership) : [],
  }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { membership, signedIn } = await requireMembership(request, params.slug, "ownership.transfer")
  const form = await readForm(request, TransferForm)
  if (!form.ok) return refuse(form)
  const requester = requesterOf(request, context)
  const here = paths.organization.transfer(membership.organization.slug)
  if (form.value.intent === "offer") {
    const owed = await askFreshProof({ request, context, signedIn, form })
    if (owed) return owed
    const offered = await offerOwnership(membership, form.value.address, requester)
    if (!offered.ok) {
      const status = offered.error === "too_many" ? 429 : 400
      return refuse(form, { fields: { address: offerRefusals[offered.error] } }, { status })
    }
    return redirectWithToast(here, { kind: "good", words: `${offered.value.name} gets a mail about it.` })
  }
  const back = await takeBackOffer(membership, form.value.offeredAt, requester)
  if (back.ok) return redirectWithToast(here, { kind: "good", words: "The offer is taken back." })
  return redirectWithToast(here, { kind: "bad", words: offerGone[back.error] })
}

type Transfer = ReturnType<typeof useLoaderData<typeof loader>>

export default function TransferPage() {
  const page = useLoaderData<typeof loader>()
  return page.mayOffer ? (
    <AppPage title={`Hand over ${page.name}`} lead="Make someone else the owner. It takes their consent.">
      <ForOwners {...page} />
    </AppPage>
  ) : (
    <AppPage title={`Take over ${page.name}`}>
      <ForMembers {...page} />
    </AppPage>
  )
}

function ForOwners({ name, offer, mine, people }: Transfer) {
  const problem = useActionData<typeof action>()
  if (offer && !offer.expired) return <OpenOffer offer={offer} mine={mine} />
  return (
    <>
      {offer && (
        <Banner tone="warn" title={`The offer to ${offer.to.name} has run out`}>
          Nobody answered within 7 days. You can offer it again.
        </Banner>
      )}
      <OfferForm name={name} people={people} problem={problem} />
    </>
  )
}

function ForMembers({ slug, name, offer, forYou }: Transfer) {
  if (!offer || !forYou || offer.expired) return <NoOffer slug={slug} expired={offer?.expired ?? false} />
  return <OfferAnswer offer={offer} slug={slug} name={name} />
}
