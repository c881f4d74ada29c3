import type { CustomFetch } from "openid-client"

/** More than any metadata, set of keys or token answer needs; a provider that sends more is cut off. Bytes. */
const mostBytes = 512 * 1024

/**
 * A fetch for one provider: it reads no answer without end, and never follows a redirect. `elsewhere` sends what is addressed to
 * one origin to another, which is how a stand-in takes a provider's place.
 */
export function providerFetch(elsewhere?: { from: string; to: string }): CustomFetch {
  return async (address, { body, headers, method, signal }) => {
    const moved = elsewhere && new URL(address).origin === elsewhere.from
    const url = moved ? elsewhere.to + address.slice(elsewhere.from.length) : address
    const sent = body instanceof Uint8Array ? new Uint8Array(body) : body
    const answer = await fetch(url, { body: sent, headers, method, signal, redirect: "manual" })
    const text = await readAtMost(answer, mostBytes)
    return new Response(bodiless.has(answer.status) ? null : text, {
      status: answer.status,
      headers: answer.headers,
    })
  }
}

/** A Response of these must not have a body, not even an empty one. */
const bodiless = new Set([204, 205, 304])

async function readAtMost(answer: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = answer.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength
    parts.push(part.value)
    if (size <= most) continue
    await reader?.cancel()
    throw new TypeError(`A provider answered with more than ${most} bytes.`)
  }
  return new Uint8Array(Buffer.concat(parts))
}
