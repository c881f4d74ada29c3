import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { placeOf } from "~/http/paging.server"
import { cursorOf, type Place, parseCursor } from "~/lib/cursor"
import { type Direction, readPage } from "~/platform/cursor-page.server"
import { db } from "~/platform/db.server"
import { type FreshDatabase, freshDatabase } from "../support/database"

let database: FreshDatabase

beforeEach(async () => {
  database = await freshDatabase()
})
afterEach(() => database.close())

/** Three rows share each moment, so that a page often ends between rows of the same time. */
async function fill(count: number) {
  for (let i = 0; i < count; i++) await add(String(i).padStart(3, "0"), 1 + Math.floor(i / 3))
}

function add(id: string, at: number) {
  return db().auditEntry.create({ data: { id, act: "test.line", at: new Date(at) } })
}

function lines(place: Place, order: Direction = "asc", size = 5) {
  return readPage(place, {
    size,
    order,
    read: ({ take, order, at, passed }) =>
      db().auditEntry.findMany({
        where: { at, NOT: passed },
        orderBy: [{ at: order }, { id: order }],
        take,
      }),
    at: row => row.at,
  })
}

const following = (cursor: string | null) => ({ after: parseCursor(cursor) })
const preceding = (cursor: string | null) => ({ before: parseCursor(cursor) })
const ids = (page: { rows: { id: string }[] }) => page.rows.map(row => Number(row.id))
const run = (from: number, to: number) =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * Math.sign(to - from))

describe("paging by cursor", () => {
  test.each(["asc", "desc"] as const)(
    "[O10] shows every row once from page to page, there and back (%s)",
    async order => {
      await fill(23)
      const whole = order === "asc" ? run(0, 22) : run(22, 0)
      const pages = [await lines({}, order)]
      for (let last = pages[0]; last?.next; last = pages.at(-1))
        pages.push(await lines(following(last.next), order))
      expect(pages.flatMap(ids)).toEqual(whole)
      expect(pages.map(page => page.rows.length)).toEqual([5, 5, 5, 5, 3])
      expect(pages[0]?.previous).toBeNull()

      const back = [await lines(preceding(pages.at(-1)?.previous ?? ""), order)]
      for (let last = back[0]; last?.previous; last = back[0])
        back.unshift(await lines(preceding(last.previous), order))
      expect(back.flatMap(ids)).toEqual(whole.slice(0, 20))
    },
  )

  test("[O10] rows that come or go meanwhile neither repeat nor hide others", async () => {
    await fill(12)
    const first = await lines({})
    await add("early", 0)
    await db().auditEntry.delete({ where: { id: "004" } })
    expect(ids(await lines(following(first.next)))).toEqual(run(5, 9))
  })

  test("[O10] going back to less than a page shows the first page whole", async () => {
    await fill(12)
    const second = await lines(following((await lines({})).next))
    await db().auditEntry.delete({ where: { id: "000" } })
    const back = await lines(preceding(second.previous))
    expect(ids(back)).toEqual(run(1, 5))
    expect([back.previous, back.next === null]).toEqual([null, false])
  })

  test("[O10] a page that has become empty is the first page; so is an empty list", async () => {
    expect(await lines({})).toEqual({ rows: [], previous: null, next: null })
    await fill(6)
    const { next } = await lines({})
    await db().auditEntry.delete({ where: { id: "005" } })
    expect(await lines(following(next))).toMatchObject({ previous: null, next: null })
    expect(ids(await lines(following(next)))).toEqual(run(0, 4))
  })

  test("[O10] whoever says how many rows to take reads each once, and nothing beyond the end", async () => {
    await fill(7)
    const first = await lines({ take: 3 })
    const second = await lines({ ...following(first.next), take: 3 })
    const third = await lines({ ...following(second.next), take: 3 })
    expect([first, second, third].map(ids)).toEqual([run(0, 2), run(3, 5), [6]])
    expect([second.next === null, third.next]).toEqual([false, null])
    await db().auditEntry.delete({ where: { id: "006" } })
    expect(await lines({ ...following(second.next), take: 3 })).toMatchObject({ rows: [], next: null })
  })
})

describe("cursors in a URL", () => {
  const at = (query: string, list?: string) => placeOf(new Request(`http://localhost/list?${query}`), list)

  test("[O10] a cursor leads back to its position", () => {
    const position = { at: new Date("2026-11-20T10:00:00.123Z"), id: "019abc-DEF_7" }
    expect(parseCursor(cursorOf(position))).toEqual(position)
    expect(at(`after=${cursorOf(position)}`)).toEqual({ after: position, before: undefined })
    expect(at(`invited-before=${cursorOf(position)}`, "invited")).toEqual({
      after: undefined,
      before: position,
    })
  })

  test.each(["", "x", "x.", ".x", "zzzzzzzzzz.id", "1.a b", "1.' OR 1=1", `1.${"a".repeat(65)}`, "1.é"])(
    "[O10] anything else is the first page: %j",
    cursor => {
      expect(at(`after=${encodeURIComponent(cursor)}`).after).toBeUndefined()
    },
  )
})
