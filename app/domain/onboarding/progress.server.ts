/**
 * How far an organisation has come with its guided set-up [N1]. A step is a row once somebody has done or skipped it; no row
 * is open, and what is true elsewhere (a name given, someone invited) counts without a row. Two admins at once do not undo each
 * other: every write is conditional, done is never taken back, and skipping only fills an empty place.
 */
import { type Progress, type SetUpFacts, type StepId, statesOf, stepOf } from "~/domain/onboarding/steps"
import type { Membership } from "~/domain/organizations/memberships.server"
import { can, roles } from "~/domain/organizations/roles"
import { err, ok, type Result } from "~/lib/result"
import { now } from "~/platform/clock.server"
import { type Client, db, type Tx, transaction } from "~/platform/db.server"

/** Begins the set-up of an organisation, in the caller's transaction. Begun before, it stays as it is. */
export async function startOnboarding(tx: Tx, organizationId: string): Promise<void> {
  await tx.onboarding.upsert({
    where: { organizationId },
    create: { organizationId, startedAt: now() },
    update: {},
  })
}

/** How far it has come. Writes nothing: an organisation nobody has begun with has all its steps open. */
export function readProgress(membership: Membership): Promise<Progress> {
  return progressOf(db(), membership.organizationId)
}

/** What became of the whole with a change; `justFinished` for the one act that closed the last open step. */
export type Change = { progress: Progress; justFinished: boolean }

/**
 * Marks a step as done or skipped. Fails with `not_done_yet` when it is said to be done but is not: only a step that is done by
 * confirming it can be ticked by hand.
 */
export async function markStep(
  membership: Membership,
  step: StepId,
  state: "done" | "skipped",
): Promise<Result<Change, "not_done_yet">> {
  const { organizationId, userId } = membership
  return transaction(async tx => {
    const facts = await factsOf(tx, organizationId)
    if (state === "done" && !stepOf(step).byConfirming && !stepOf(step).isDone(facts))
      return err("not_done_yet")
    await startOnboarding(tx, organizationId)
    if (state === "done") {
      await tx.onboardingStep.updateMany({
        where: { organizationId, step, state: "skipped" },
        data: { state, at: now(), byUserId: userId },
      })
    }
    await tx.onboardingStep.upsert({
      where: { organizationId_step: { organizationId, step } },
      create: { organizationId, step, state, at: now(), byUserId: userId },
      update: {},
    })
    return ok(await settle(tx, organizationId))
  })
}

/** "Finish later": the set-up is no longer put first, and goes on where it was when someone comes back to it. */
export async function finishLater(membership: Membership): Promise<Progress> {
  const { organizationId } = membership
  return transaction(async tx => {
    await startOnboarding(tx, organizationId)
    await tx.onboarding.updateMany({
      where: { organizationId, finishedAt: null },
      data: { postponedAt: now() },
    })
    return progressOf(tx, organizationId)
  })
}

/** Writes down the end when the last step has ticked itself; `justFinished` for the first to notice. */
export async function settleProgress(membership: Membership): Promise<Change> {
  return transaction(async tx => {
    await startOnboarding(tx, membership.organizationId)
    return settle(tx, membership.organizationId)
  })
}

async function settle(tx: Tx, organizationId: string): Promise<Change> {
  const open = (await progressOf(tx, organizationId)).current
  const finished = open
    ? { count: 0 }
    : await tx.onboarding.updateMany({
        where: { organizationId, finishedAt: null },
        data: { finishedAt: now(), postponedAt: null },
      })
  return { progress: await progressOf(tx, organizationId), justFinished: finished.count > 0 }
}

async function progressOf(client: Client, organizationId: string): Promise<Progress> {
  const onboarding = await client.onboarding.findUnique({
    where: { organizationId },
    include: { steps: true },
  })
  const written = new Map(onboarding?.steps.map(({ step, state }) => [step, state]))
  const steps = statesOf(written, await factsOf(client, organizationId))
  return {
    steps,
    current: steps.find(step => step.state === "open")?.id,
    finished: onboarding?.finishedAt != null || steps.every(step => step.state !== "open"),
    postponed: onboarding?.postponedAt != null,
  }
}

async function factsOf(client: Client, organizationId: string): Promise<SetUpFacts> {
  const guides = roles.filter(role => can(role, "organization.set_up"))
  const named = await client.membership.count({
    where: { organizationId, role: { in: guides }, user: { name: { not: "" } } },
  })
  const invitations = await client.invitation.count({ where: { organizationId } })
  const members = await client.membership.count({ where: { organizationId } })
  return { guideHasName: named > 0, invitations, members }
}
