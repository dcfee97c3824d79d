import { Webhook, WebhookVerificationError } from "standardwebhooks";

/** Request that is not a delivery of this webhook, or is too old: answer 400 and forget it. */
export class InvalidDelivery extends Error {
  override name = "InvalidDelivery";
}

export interface DeliveryOptions {
  /** Prefix of the server's setting `signature_headers`: `webhook` (the default), `svix`, or your own. */
  prefix?: string;
}

type GivenHeaders = Headers | Record<string, string | string[] | undefined>;

/**
 * Returns the JSON of a delivery whose signature is of one of the `secrets` (`whsec_…`). `body` is the
 * request's, as it came: not parsed. The Standard Webhooks library does the checking; a delivery that is
 * more than five minutes off is refused.
 *
 * @throws InvalidDelivery
 */
export function verifyDelivery(
  body: Uint8Array | string,
  headers: GivenHeaders,
  secrets: string | readonly string[],
  { prefix = "webhook" }: DeliveryOptions = {},
): unknown {
  const given = lowered(headers);
  const signed: Record<string, string> = {};
  for (const name of ["id", "timestamp", "signature"]) {
    signed[`webhook-${name}`] = given.get(`${prefix.toLowerCase()}-${name}`) ?? "";
  }
  const keys = [secrets].flat().map((secret) => new Webhook(secret));
  let why = "no secret was given";
  for (const key of keys) {
    try {
      return key.verify(decoded(body), signed);
    } catch (error) {
      const known = error instanceof WebhookVerificationError;
      why = known ? error.message : "the signature or the body cannot be read";
    }
  }
  throw new InvalidDelivery(why);
}

function decoded(body: Uint8Array | string): string {
  return typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body);
}

function lowered(headers: GivenHeaders): Map<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return new Map(texts.map(([name, value]) => [name.toLowerCase(), value]));
}
