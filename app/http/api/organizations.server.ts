/** Organisations as programs see them. */
import { z } from "zod"
import { accessLevels } from "~/domain/billing/access"
import { accessOf } from "~/domain/billing/access-of.server"
import { planIds, plans } from "~/domain/billing/plans"
import { seatsOf } from "~/domain/billing/seats.server"
import type { Membership } from "~/domain/organizations/memberships.server"
import { OwnOrganization, ownOrganizationOf } from "~/http/api/tokens.server"
import { paths } from "~/lib/paths"
import { env } from "~/platform/env.server"

export const ListedOrganization = OwnOrganization.extend({
  archivedAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: "Since when nothing but this list is answered." }),
}).meta({ id: "ListedOrganization", description: "An organisation, and the caller’s role in it." })

const seatCount = z.int().min(0)

export const Organization = OwnOrganization.extend({
  createdAt: z.iso.datetime(),
  logo: z.url().nullable().meta({ description: "Its picture, for browsers that are signed in." }),
  access: z.enum(accessLevels).meta({
    description: "What its plan gives. Without a plan (`none`), nothing is kept from anyone.",
  }),
  plan: z.object({ id: z.enum(planIds), name: z.string() }).nullable(),
  subscription: z.string().nullable().meta({ description: "How the subscription stands, in Stripe’s word." }),
  endsAt: z.iso.datetime().nullable().meta({ description: "When the plan ends; null while it goes on." }),
  seats: z.object({
    members: seatCount,
    invited: seatCount,
    limit: seatCount.nullable().meta({ description: "Null is as many as you like." }),
  }),
}).meta({ id: "Organization" })

/** One line of the list. */
export function tellListed(membership: Membership): z.input<typeof ListedOrganization> {
  const { archivedAt } = membership.organization
  return { ...ownOrganizationOf(membership), archivedAt: archivedAt?.toISOString() ?? null }
}

/** The whole, with what its overview page shows of plan and seats. */
export async function tellOrganization(membership: Membership): Promise<z.input<typeof Organization>> {
  const { slug, createdAt, logo } = membership.organization
  const { level, plan, status, cancelAt } = await accessOf(membership.organizationId)
  return {
    ...ownOrganizationOf(membership),
    createdAt: createdAt.toISOString(),
    logo: logo && env().appUrl + paths.organization.logo(slug, logo),
    access: level,
    plan: plan && { id: plan, name: plans[plan].name },
    subscription: status,
    endsAt: (level === "full" && cancelAt?.toISOString()) || null,
    seats: await seatsOf(membership),
  }
}
