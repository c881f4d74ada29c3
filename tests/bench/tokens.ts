import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto"
import Sqlite from "better-sqlite3"
import { setEnv } from "~/platform/env.server"
import { seal, unseal } from "~/platform/sealed.server"
import { signingKeyPurpose } from "~/platform/signing-keys.server"
import { appSecret } from "./requests"
import { benchToken, hashOf, userIdOf } from "./world"

export type BenchKey = { id: string; key: KeyObject }

type Row = { id: string; privateKey: string }

/** The key that signs in this database; one is made where there is none. For before a server opens the file. */
export function signingKeyIn(file: string): BenchKey {
  setEnv({ APP_SECRET: appSecret })
  const db = new Sqlite(file)
  const row =
    db
      .prepare<[number], Row>(
        "SELECT id, privateKey FROM SigningKey WHERE signsFrom <= ? ORDER BY signsFrom DESC",
      )
      .get(Date.now()) ?? make(db)
  db.close()
  const plain = unseal(signingKeyPurpose, row.privateKey) ?? ""
  return { id: row.id, key: createPrivateKey({ key: JSON.parse(plain), format: "jwk" }) }
}

function make(db: Sqlite.Database): Row {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const id = randomUUID()
  const at = Date.now()
  const privateKey = seal(signingKeyPurpose, JSON.stringify(pair.privateKey.export({ format: "jwk" })))
  db.prepare(
    "INSERT INTO SigningKey (id, publicKey, privateKey, createdAt, signsFrom) VALUES (?, ?, ?, ?, ?)",
  ).run(id, JSON.stringify(pair.publicKey.export({ format: "jwk" })), privateKey, at, at)
  return { id, privateKey }
}

/** An access token of session `i`, as the server on this port would sign it. */
export function accessTokenOf(i: number, { id, key }: BenchKey, port: number): string {
  const iat = Math.floor(Date.now() / 1000)
  const issuer = `http://localhost:${port}`
  const claims = {
    sub: userIdOf(i),
    sid: userIdOf(i),
    gen: hashOf(benchToken("session", i)).slice(0, 16),
    org: null,
    jti: randomUUID(),
    iss: issuer,
    aud: issuer,
  }
  const text = [
    { alg: "ES256", kid: id, typ: "at+jwt" },
    { ...claims, iat, exp: iat + 3_600 },
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".")
  const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" })
  return `${text}.${signature.toString("base64url")}`
}
