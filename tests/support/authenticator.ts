import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto"
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server"

/*
 * An authenticator and its browser in software, written from the specification (https://www.w3.org/TR/webauthn-3/) and not with
 * the library that checks it: its key is fixed, and it lies about whatever it is told to lie about.
 */

/** The example key of RFC 7517, appendix A.2. */
const privateKey = createPrivateKey({
  format: "jwk",
  key: {
    kty: "EC",
    crv: "P-256",
    d: "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
    x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
  },
})
const { x = "", y = "" } = createPublicKey(privateKey).export({ format: "jwk" })

export type Lie = {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  userVerified?: boolean
  counter?: number
  userHandle?: string
  signature?: Buffer
  crossOrigin?: boolean
}

export class Authenticator {
  readonly credentialId: Buffer
  userHandle = ""
  counter: number

  /** With `counting: false` it says 0 each time, as those do that keep their passkeys in the cloud. */
  constructor(
    readonly origin: string,
    readonly options: { counting?: boolean; aaguid?: string; credentialId?: Buffer } = {},
  ) {
    this.credentialId = options.credentialId ?? randomBytes(16)
    this.counter = 0
  }

  get id(): string {
    return this.credentialId.toString("base64url")
  }

  /** Makes a passkey as these options ask. */
  create(options: PublicKeyCredentialCreationOptionsJSON, lie: Lie = {}) {
    this.userHandle = options.user.id
    const authData = Buffer.concat([
      this.#head(lie.rpId ?? options.rp.id ?? "", lie, attested),
      Buffer.from((this.options.aaguid ?? "00000000-0000-0000-0000-000000000000").replaceAll("-", ""), "hex"),
      uint16(this.credentialId.length),
      this.credentialId,
      coseKey,
    ])
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      cborText("fmt"),
      cborText("none"),
      cborText("attStmt"),
      Buffer.from([0xa0]),
      cborText("authData"),
      Buffer.from([0x59]),
      uint16(authData.length),
      authData,
    ])
    return {
      ...this.#named(),
      response: {
        clientDataJSON: this.#clientData("webauthn.create", options.challenge, lie).toString("base64url"),
        attestationObject: attestationObject.toString("base64url"),
        transports: ["internal", "hybrid"],
      },
    }
  }

  /** Signs in, or proves something, as these options ask. */
  get(options: PublicKeyCredentialRequestOptionsJSON, lie: Lie = {}) {
    const clientData = this.#clientData("webauthn.get", options.challenge, lie)
    const authenticatorData = this.#head(lie.rpId ?? options.rpId ?? "", lie, 0)
    const signed = Buffer.concat([authenticatorData, createHash("sha256").update(clientData).digest()])
    const userHandle = lie.userHandle ?? this.userHandle
    return {
      ...this.#named(),
      response: {
        clientDataJSON: clientData.toString("base64url"),
        authenticatorData: authenticatorData.toString("base64url"),
        signature: (lie.signature ?? sign("sha256", signed, privateKey)).toString("base64url"),
        ...(userHandle && { userHandle }),
      },
    }
  }

  #named() {
    return { id: this.id, rawId: this.id, type: "public-key" as const, clientExtensionResults: {} }
  }

  #clientData(type: string, challenge: string, lie: Lie): Buffer {
    const { origin = this.origin, crossOrigin = false } = lie
    return Buffer.from(
      JSON.stringify({ type: lie.type ?? type, challenge: lie.challenge ?? challenge, origin, crossOrigin }),
    )
  }

  /** The hash of the name it is for, what was checked of the person, and how often the key was used. */
  #head(rpId: string, lie: Lie, more: number): Buffer {
    if (this.options.counting !== false) this.counter += 1
    const flags = present | (lie.userVerified === false ? 0 : verified) | more
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lie.counter ?? this.counter)
    return Buffer.concat([createHash("sha256").update(rpId).digest(), Buffer.from([flags]), count])
  }
}

const present = 0x01
const verified = 0x04
const attested = 0x40

/** COSE_Key (RFC 9052): an EC2 key on P-256 for ES256. */
const coseKey = Buffer.concat([
  Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
  Buffer.from(x, "base64url"),
  Buffer.from([0x22, 0x58, 0x20]),
  Buffer.from(y, "base64url"),
])

/** A text of less than 24 bytes in CBOR (RFC 8949). */
function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

/** The same key for an authenticator of another make: what the server keeps of it, and what the authenticator does. */
export const fixedKey = {
  publicKey: coseKey,
  privateKey: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
}
