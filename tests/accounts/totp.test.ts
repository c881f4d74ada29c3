import { describe, expect, test } from "vitest"
import { makeRecoveryCodes, spendRecoveryCode } from "~/domain/accounts/recovery-codes.server"
import { checkTotp, confirmTotp, offeredTotp, offerTotp } from "~/domain/accounts/totp.server"
import { db, transaction } from "~/platform/db.server"
import { minutes, seconds } from "../support/clock"
import { authenticatorApp, withTwoFactor, wrongCode } from "../support/two-factor"
import { setUpWorld } from "../support/world"

const open = setUpWorld()

const check = (userId: string, code: string) => transaction(tx => checkTotp(tx, userId, code))
const outcome = (result: { ok: boolean; error?: string }) => (result.ok ? "right" : result.error)

describe("codes of an authenticator app", () => {
  test("[S8] one step of drift is accepted on either side, two are not", async () => {
    const { cast } = await open()
    for (const [steps, expected] of [
      [-2, "wrong"],
      [-1, "right"],
      [2, "wrong"],
      [1, "right"],
    ] as const) {
      await db().totp.deleteMany()
      const app = await withTwoFactor(cast.alice.id)
      expect(outcome(await check(cast.alice.id, app.code(steps))), `${steps} steps`).toBe(expected)
    }
  })

  test("[S8] a code works once, nor does an older one after a newer", async () => {
    const { cast, clock } = await open()
    const app = await withTwoFactor(cast.alice.id)
    const [older, code] = [app.code(-1), app.code()]
    expect(outcome(await check(cast.alice.id, code))).toBe("right")
    expect(outcome(await check(cast.alice.id, code))).toBe("used")
    expect(outcome(await check(cast.alice.id, older))).toBe("used")
    clock.advance(seconds(30))
    expect(outcome(await check(cast.alice.id, app.code()))).toBe("right")
  })

  test("[S8] of twenty simultaneous uses of one code one counts", async () => {
    const { cast } = await open()
    const app = await withTwoFactor(cast.alice.id)
    const code = app.code()
    const all = await Promise.all(Array.from({ length: 20 }, () => check(cast.alice.id, code)))
    expect(all.map(outcome).sort()).toEqual(["right", ...Array(19).fill("used")])
  })

  test("[S8] spaces and full-width digits are forgiven; another person's code is wrong, and who has none has none", async () => {
    const { cast } = await open()
    const [alices, bobs] = [await withTwoFactor(cast.alice.id), await withTwoFactor(cast.bob.id)]
    expect(outcome(await check(cast.alice.id, bobs.code()))).toBe("wrong")
    expect(outcome(await check(cast.amir.id, alices.code()))).toBe("none")
    const wide = [...alices.code()].map(digit => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join("")
    expect(outcome(await check(cast.alice.id, ` ${wide.slice(0, 3)} ${wide.slice(3)} `))).toBe("right")
  })

  test("[S8] an offered secret counts for nothing until its first code, which then does not count again", async () => {
    const { cast, clock } = await open()
    const { id, email } = cast.alice
    expect(await transaction(tx => offerTotp(tx, id))).toBe(true)
    const offered = await offeredTotp(id, email)
    const app = authenticatorApp(offered?.secret ?? "")
    expect(outcome(await check(id, app.code()))).toBe("none")
    const code = app.code()
    expect(outcome(await transaction(tx => confirmTotp(tx, id, wrongCode(app))))).toBe("wrong")
    expect(outcome(await transaction(tx => confirmTotp(tx, id, code)))).toBe("right")
    expect(outcome(await check(id, code))).toBe("used")
    expect(outcome(await transaction(tx => confirmTotp(tx, id, app.code(1))))).toBe("none")
    expect(await transaction(tx => offerTotp(tx, id))).toBe(false)
    clock.advance(minutes(1))
    expect(outcome(await check(id, app.code()))).toBe("right")
  })

  test("[S8] an offer runs out", async () => {
    const { cast, clock } = await open()
    const { id, email } = cast.alice
    await transaction(tx => offerTotp(tx, id))
    const app = authenticatorApp((await offeredTotp(id, email))?.secret ?? "")
    clock.advance(minutes(31))
    expect(await offeredTotp(id, email)).toBeUndefined()
    expect(outcome(await transaction(tx => confirmTotp(tx, id, app.code())))).toBe("none")
  })

  test("[L9] the row does not hold the secret", async () => {
    const { cast } = await open()
    const app = await withTwoFactor(cast.alice.id)
    const row = await db().totp.findUniqueOrThrow({ where: { userId: cast.alice.id } })
    expect(row.secret).not.toContain(app.secret)
  })
})

describe("recovery codes", () => {
  const spend = (userId: string, code: string) => transaction(tx => spendRecoveryCode(tx, userId, code))

  test("[S9] each of ten works once, however it is typed, and says how many are left", async () => {
    const { cast } = await open()
    const { id } = cast.alice
    const codes = await transaction(tx => makeRecoveryCodes(tx, id))
    expect(new Set(codes).size).toBe(10)
    const typed = codes.map((code, at) => (at % 2 ? code : ` ${code.toLowerCase().replace("-", " ")}`))
    for (const [at, code] of typed.entries())
      expect(await spend(id, code)).toEqual({ ok: true, value: { left: 9 - at } })
    for (const code of codes) expect(outcome(await spend(id, code))).toBe("used")
  })

  test("[S9] of twenty simultaneous uses of one code one counts", async () => {
    const { cast } = await open()
    const [code = ""] = await transaction(tx => makeRecoveryCodes(tx, cast.alice.id))
    const all = await Promise.all(Array.from({ length: 20 }, () => spend(cast.alice.id, code)))
    expect(all.filter(result => result.ok)).toHaveLength(1)
  })

  test("[S9] new codes end the old ones, and nobody else's code fits", async () => {
    const { cast } = await open()
    const [old = ""] = await transaction(tx => makeRecoveryCodes(tx, cast.alice.id))
    const [bobs = ""] = await transaction(tx => makeRecoveryCodes(tx, cast.bob.id))
    await transaction(tx => makeRecoveryCodes(tx, cast.alice.id))
    expect(outcome(await spend(cast.alice.id, old))).toBe("wrong")
    expect(outcome(await spend(cast.alice.id, bobs))).toBe("wrong")
    expect(outcome(await spend(cast.bob.id, bobs))).toBe("right")
  })

  test("[L9] the rows hold no code, and the keyed hash of none without APP_SECRET", async () => {
    const world = await open()
    const codes = await transaction(tx => makeRecoveryCodes(tx, world.cast.alice.id))
    const rows = JSON.stringify(await db().recoveryCode.findMany())
    for (const code of codes) {
      expect(rows).not.toContain(code)
      expect(rows).not.toContain(code.replace("-", ""))
    }
    world.settings({ APP_SECRET: "another secret of more than thirty-two characters" })
    expect(outcome(await spend(world.cast.alice.id, codes[0] ?? ""))).toBe("wrong")
  })
})
