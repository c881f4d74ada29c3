import type { CDPSession, Page } from "playwright-core"

/** What the protocol tells of a passkey, its private key included. */
export type Credential = {
  credentialId: string
  isResidentCredential: boolean
  rpId?: string
  privateKey: string
  userHandle?: string
  signCount: number
}

/*
 * The authenticator Chromium itself plays in one tab (https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/): it keeps
 * passkeys, and always verifies whoever uses it. Eager, it answers each ceremony at once; else those only that begin after `touch`.
 */
export class VirtualAuthenticator {
  private constructor(
    private readonly tab: CDPSession,
    private readonly id: string,
  ) {}

  static async in(page: Page, { eager = true } = {}): Promise<VirtualAuthenticator> {
    const tab = await page.context().newCDPSession(page)
    await tab.send("WebAuthn.enable")
    const { authenticatorId } = await tab.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: eager,
      },
    })
    return new VirtualAuthenticator(tab, authenticatorId)
  }

  /** Puts the finger on it for the ceremonies that follow. */
  async touch(): Promise<void> {
    await this.tab.send("WebAuthn.setAutomaticPresenceSimulation", {
      authenticatorId: this.id,
      enabled: true,
    })
  }

  async credentials(): Promise<Credential[]> {
    const { credentials } = await this.tab.send("WebAuthn.getCredentials", { authenticatorId: this.id })
    return credentials
  }

  /** Keeps a passkey that was made elsewhere, with a count of its own if one is given. */
  async keep(credential: Credential, signCount = credential.signCount): Promise<void> {
    await this.tab.send("WebAuthn.addCredential", {
      authenticatorId: this.id,
      credential: { ...credential, signCount },
    })
  }
}
