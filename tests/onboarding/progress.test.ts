import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { createKey } from "~/domain/onboarding/create-key.server"
import { finishLater, markStep, readProgress, settleProgress } from "~/domain/onboarding/progress.server"
import { type Progress, type StepState, stepIds } from "~/domain/onboarding/steps"
import { revokeApiKey } from "~/domain/organizations/api-keys.server"
import { connect, db, withDatabase } from "~/platform/db.server"
import {
  buildCast,
  buildInvitation,
  buildMembership,
  buildOrganization,
  buildUser,
  type Cast,
} from "../support/cast"
import { type FreshDatabase, freshDatabase } from "../support/database"
import { member, requester } from "../support/membership"

let database: FreshDatabase
let cast: Cast

beforeEach(async () => {
  database = await freshDatabase()
  cast = await buildCast()
})
afterEach(() => database.close())

const statesIn = (progress: Progress): Record<string, StepState> =>
  Object.fromEntries(progress.steps.map(step => [step.id, step.state]))

/** A new organisation of one nameless owner: nothing ticks itself. */
async function freshOrganization() {
  const ned = await buildUser(db(), { email: "ned@cedar.test" })
  const cedar = await buildOrganization(db(), { name: "Cedar", slug: "cedar", members: [[ned, "owner"]] })
  return { ned, cedar, membership: await member(ned, "cedar") }
}

describe("steps", () => {
  test("[N1] begin open, in order, and reading writes nothing", async () => {
    const { membership } = await freshOrganization()
    const progress = await readProgress(membership)
    expect(progress.steps.map(step => step.id)).toEqual([...stepIds])
    expect(progress).toMatchObject({ current: "profile", finished: false, postponed: false })
    expect(await db().onboarding.count()).toBe(0)
  })

  test("[N1] steps done elsewhere tick themselves", async () => {
    const { ned, cedar, membership } = await freshOrganization()
    await db().user.update({ where: { id: ned.id }, data: { name: "Ned" } })
    expect(statesIn(await readProgress(membership))).toMatchObject({ profile: "done", invite_member: "open" })
    await buildInvitation(db(), { organization: cedar, email: "new@x.test", invitedBy: ned })
    expect(await readProgress(membership)).toMatchObject({ current: "workspace" })
    await db().invitation.deleteMany()
    await buildMembership(db(), { user: cast.bob, organization: cedar, role: "member" })
    expect(statesIn(await readProgress(membership)).invite_member).toBe("done")
  })

  test("[N1] the first API key ticks its step and may be the end of it all, revoked or not", async () => {
    const { membership } = await freshOrganization()
    for (const step of ["profile", "workspace", "invite_member"] as const)
      await markStep(membership, step, "skipped")
    expect(await readProgress(membership)).toMatchObject({ current: "first_workflow", finished: false })
    const wish = { name: "CI", scopes: ["audit:read"], expiresAt: null } as const
    const made = await createKey(membership, wish, requester)
    expect(made).toMatchObject({ ok: true, value: { settingUp: true } })
    expect((await db().onboarding.findFirstOrThrow()).finishedAt).not.toBeNull()
    await revokeApiKey(membership, (await db().apiKey.findFirstOrThrow()).id, requester)
    expect(statesIn(await readProgress(membership)).first_workflow).toBe("done")
    expect(await createKey(membership, wish, requester)).toMatchObject({
      ok: true,
      value: { settingUp: false },
    })
  })

  test("[N1] a key that was not made ends nothing, and one made after Finish later leads nowhere", async () => {
    const { membership } = await freshOrganization()
    const wish = { name: "CI", scopes: ["audit:read"], expiresAt: null } as const
    expect((await createKey(membership, { ...wish, scopes: [] }, requester)).ok).toBe(false)
    expect(statesIn(await readProgress(membership)).first_workflow).toBe("open")
    await finishLater(membership)
    expect(await createKey(membership, wish, requester)).toMatchObject({
      ok: true,
      value: { settingUp: false },
    })
    expect(await readProgress(membership)).toMatchObject({ finished: false, postponed: true })
  })

  test("[N1] an organisation that had finished before this step came is not asked again", async () => {
    const { cedar, membership } = await freshOrganization()
    for (const step of stepIds) await markStep(membership, step, "skipped")
    await db().onboardingStep.deleteMany({ where: { organizationId: cedar.id, step: "first_workflow" } })
    expect(await readProgress(membership)).toMatchObject({ finished: true, current: undefined })
  })

  test("[N1] a member's name does not tick the owner's profile", async () => {
    const { cedar, membership } = await freshOrganization()
    await buildMembership(db(), { user: cast.bob, organization: cedar, role: "member" })
    expect(statesIn(await readProgress(membership)).profile).toBe("open")
  })

  test("[N1] what is not done cannot be ticked by hand; confirming is enough where the step says so", async () => {
    const { membership } = await freshOrganization()
    expect(await markStep(membership, "invite_member", "done")).toEqual({ ok: false, error: "not_done_yet" })
    expect(await db().onboardingStep.count()).toBe(0)
    expect((await markStep(membership, "workspace", "done")).ok).toBe(true)
    expect(statesIn(await readProgress(membership)).workspace).toBe("done")
  })

  test("[N1] a skipped step that is done later counts as done", async () => {
    const { ned, membership } = await freshOrganization()
    await markStep(membership, "profile", "skipped")
    expect(statesIn(await readProgress(membership)).profile).toBe("skipped")
    await db().user.update({ where: { id: ned.id }, data: { name: "Ned" } })
    expect(statesIn(await readProgress(membership)).profile).toBe("done")
  })

  test("[N1] is per organisation: another one's steps stay where they are", async () => {
    const { membership } = await freshOrganization()
    await markStep(membership, "workspace", "done")
    expect(statesIn(await readProgress(await member(cast.charlie, "birch"))).workspace).toBe("open")
  })
})

describe("the end", () => {
  test("[N1] comes with the last step, and is told to one only", async () => {
    const { membership } = await freshOrganization()
    const changes = []
    for (const step of stepIds) changes.push(await markStep(membership, step, "skipped"))
    expect(changes.map(change => change.ok && change.value.justFinished)).toEqual([false, false, false, true])
    expect(await readProgress(membership)).toMatchObject({ finished: true, current: undefined })
    expect((await settleProgress(membership)).justFinished).toBe(false)
  })

  test("[N1] is noticed when the last step ticks itself", async () => {
    const { ned, cedar, membership } = await freshOrganization()
    await markStep(membership, "profile", "skipped")
    await markStep(membership, "workspace", "done")
    await markStep(membership, "first_workflow", "skipped")
    expect((await settleProgress(membership)).justFinished).toBe(false)
    await buildInvitation(db(), { organization: cedar, email: "new@x.test", invitedBy: ned })
    expect((await settleProgress(membership)).justFinished).toBe(true)
  })

  test("[N1] Finish later is kept, and what was done stays done on another device", async () => {
    const { membership } = await freshOrganization()
    await markStep(membership, "profile", "skipped")
    expect(await finishLater(membership)).toMatchObject({
      postponed: true,
      finished: false,
      current: "workspace",
    })
    await markStep(membership, "workspace", "done")
    await markStep(membership, "invite_member", "skipped")
    await markStep(membership, "first_workflow", "skipped")
    expect(await readProgress(membership)).toMatchObject({ finished: true, postponed: false })
    expect(await finishLater(membership)).toMatchObject({ finished: true, postponed: false })
  })
})

describe("two admins at once, on two connections", () => {
  test("[N1] do not undo each other: done stays done, whoever skips", async () => {
    const alice = await member(cast.alice, "acme")
    const amir = await member(cast.amir, "acme")
    const second = await connect(database.file)
    try {
      for (let round = 0; round < 5; round += 1) {
        await db().onboarding.deleteMany()
        await Promise.all([
          markStep(alice, "workspace", "done"),
          withDatabase(second, () => markStep(amir, "workspace", "skipped")),
          withDatabase(second, () => markStep(amir, "invite_member", "skipped")),
        ])
        expect(statesIn(await readProgress(alice))).toMatchObject({ workspace: "done" })
        expect(await db().onboardingStep.findMany({ where: { step: "workspace" } })).toMatchObject([
          { state: "done", byUserId: cast.alice.id },
        ])
      }
    } finally {
      await second.close()
    }
  })

  test("[N1] the first to do a step is the one remembered, and one of the two finishes", async () => {
    const alice = await member(cast.alice, "acme")
    const amir = await member(cast.amir, "acme")
    const second = await connect(database.file)
    try {
      await markStep(alice, "first_workflow", "skipped")
      expect((await readProgress(alice)).current).toBe("workspace")
      const changes = await Promise.all([
        markStep(alice, "workspace", "done"),
        withDatabase(second, () => markStep(amir, "workspace", "done")),
      ])
      expect(changes.filter(change => change.ok && change.value.justFinished)).toHaveLength(1)
      const rows = await db().onboardingStep.findMany()
      await markStep(amir, "workspace", "done")
      await markStep(alice, "workspace", "skipped")
      expect(await db().onboardingStep.findMany()).toEqual(rows)
    } finally {
      await second.close()
    }
  })
})
