// Certificates of an authority of our own, of any name and time: RFC 5280, written in DER.
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const encoded = (tag, ...parts) => {
  const body = Buffer.concat(parts);
  const [high, low] = [body.length >> 8, body.length & 255];
  const size = body.length < 128 ? [low] : high ? [0x82, high, low] : [0x81, low];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts) => encoded(0x30, ...parts);
const oid = (hex) => encoded(0x06, Buffer.from(hex, 'hex'));
const time = (at) => encoded(0x17, Buffer.from(at.toISOString().replace(/^20|[-T:]|\.\d+/g, '')));
const name = (text) => sequence(encoded(0x31, sequence(oid('550403'), encoded(0x0c, Buffer.from(text)))));

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const AUTHORITY = 'Authority of a test';
const pem = (der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`;

/** Authority that signs certificates. */
export class Authority {
  #serial = 0;
  #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  /** Its own certificate, in PEM. */
  get pem() {
    const year = 365 * 864e5;
    const own = createPublicKey(this.#key);
    return this.#signed(AUTHORITY, own, [new Date(Date.now() - year), new Date(Date.now() + year)], []);
  }

  /** Key and certificate of a server with this host name, or IPv4 address, valid from one time to another. */
  server(host, since, until) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const isAddress = /^[\d.]+$/.test(host);
    const subject = isAddress ? encoded(0x87, Buffer.from(host.split('.'))) : encoded(0x82, Buffer.from(host));
    const names = sequence(oid('551d11'), encoded(0x04, sequence(subject)));
    const cert = this.#signed(host, publicKey, [since, until], [encoded(0xa3, sequence(names))]);
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
  }

  #signed(subject, publicKey, [since, until], extensions) {
    this.#serial += 1;
    const version = encoded(0xa0, encoded(0x02, Buffer.from([2])));
    const serial = encoded(0x02, Buffer.from([this.#serial]));
    const key = publicKey.export({ type: 'spki', format: 'der' });
    const content = sequence(
      version, serial, ECDSA_WITH_SHA256, name(AUTHORITY), sequence(time(since), time(until)), name(subject), key, ...extensions,
    );
    const signature = encoded(0x03, Buffer.from([0]), sign('sha256', content, this.#key));
    return pem(sequence(content, ECDSA_WITH_SHA256, signature));
  }
}
