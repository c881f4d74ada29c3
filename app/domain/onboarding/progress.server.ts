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
    const facts = await factsOf(tx, organizationId, await triedAt(tx, organizationId))
    if (state === "done" && !stepOf(step).byConfirming && !stepOf(step).isDone(facts))
      return err("not_done_yet")
    await startOnboarding(tx, organizationId)
    await tx.onboardingStep.updateMany({
      where: { organizationId, step, state: { in: state === "done" ? ["skipped", "tried"] : ["tried"] } },
      data: { state, at: now(), byUserId: userId },
    })
    await tx.onboardingStep.upsert({
      where: { organizationId_step: { organizationId, step } },
      create: { organizationId, step, state, at: now(), byUserId: userId },
      update: {},
    })
    return ok(await settle(tx, organizationId))
  })
}

/**
 * Some of those who were to be invited could not be: the step stays open, however many others could, until somebody is invited
 * or joins after this, or it is skipped. What is done or skipped already stays so.
 */
export async function keepInviting(membership: Membership): Promise<Change> {
  const { organizationId, userId } = membership
  return transaction(async tx => {
    await startOnboarding(tx, organizationId)
    const { finishedAt } = await tx.onboarding.findUniqueOrThrow({ where: { organizationId } })
    const tried = { state: "tried", at: now(), byUserId: userId }
    const key = { organizationId, step: "invite_member" }
    if (!finishedAt) {
      const row = { where: { organizationId_step: key }, create: { ...key, ...tried }, update: {} }
      await tx.onboardingStep.upsert(row)
      await tx.onboardingStep.updateMany({ where: { ...key, state: "tried" }, data: tried })
    }
    return settle(tx, organizationId)
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
  const tried = onboarding?.steps.find(({ state }) => state === "tried")?.at
  const steps = statesOf(written, await factsOf(client, organizationId, tried))
  // What was finished stays so, also when a later version asks for one step more.
  const open = onboarding?.finishedAt ? undefined : steps.find(step => step.state === "open")
  return {
    steps,
    current: open?.id,
    finished: open === undefined,
    postponed: onboarding?.postponedAt != null,
  }
}

async function triedAt(tx: Tx, organizationId: string): Promise<Date | undefined> {
  const where = { organizationId, step: "invite_member", state: "tried" }
  return (await tx.onboardingStep.findFirst({ where }))?.at
}

/** `tried`: when inviting failed in part; only who was invited or joined later counts then. */
async function factsOf(client: Client, organizationId: string, tried?: Date): Promise<SetUpFacts> {
  const guides = roles.filter(role => can(role, "organization.set_up"))
  const named = await client.membership.findFirst({
    where: { organizationId, role: { in: guides }, user: { name: { not: "" } } },
    select: { id: true },
  })
  const invited = await client.invitation.findFirst({
    where: { organizationId, ...(tried && { sentAt: { gt: tried } }) },
    select: { id: true },
  })
  const members = await client.membership.findMany({
    where: { organizationId, ...(tried && { createdAt: { gt: tried } }) },
    select: { id: true },
    take: 2,
  })
  const others = invited !== null || members.length > (tried ? 0 : 1)
  const key = await client.apiKey.findFirst({ where: { organizationId }, select: { id: true } })
  return { guideHasName: named !== null, others, hadKey: key !== null }
}
