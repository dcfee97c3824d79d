// An OpenID Connect provider: discovery, keys, a page that asks who signs in, and tokens.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';

export const CLIENT = { id: 'latchhook', secret: 's3cret/+' };

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const KEYS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

const signers = {
  RS256: (text) => sign('sha256', Buffer.from(text), KEYS.RS256.privateKey),
  ES256: (text) => sign('sha256', Buffer.from(text), { key: KEYS.ES256.privateKey, dsaEncoding: 'ieee-p1363' }),
  none: () => Buffer.alloc(0),
};

/** Starts a provider; `state.algorithm` and `state.claims` say how and what it signs from then on. */
export async function startProvider() {
  const state = { algorithm: 'RS256', claims: {} };
  const grants = new Map();
  const answer = (response, status, type, body) => response.writeHead(status, { 'content-type': type }).end(body);
  const json = (response, status, body) => answer(response, status, 'application/json', JSON.stringify(body));

  function redeem(request, form) {
    const grant = grants.get(form.get('code'));
    grants.delete(form.get('code'));
    const [id, secret] = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64').toString().split(':').map(decodeURIComponent);
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    const good = grant && id === CLIENT.id && secret === CLIENT.secret
      && challenge === grant.get('code_challenge') && form.get('redirect_uri') === grant.get('redirect_uri');
    if (!good) return null;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: provider.url, aud: CLIENT.id, sub: '00u1', exp: now + 300, iat: now, nonce: grant.get('nonce'),
      email: 'ada@example.com', email_verified: true, name: 'Ada', ...state.claims,
    };
    const signed = `${encoded({ alg: state.algorithm, kid: state.algorithm })}.${encoded(claims)}`;
    return `${signed}.${signers[state.algorithm](signed).toString('base64url')}`;
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, provider.url);
    if (pathname === '/.well-known/openid-configuration') {
      return json(response, 200, {
        issuer: provider.url,
        authorization_endpoint: `${provider.url}/authorize`,
        token_endpoint: `${provider.url}/token`,
        jwks_uri: `${provider.url}/keys`,
      });
    }
    if (pathname === '/keys') {
      const keys = Object.entries(KEYS).map(([kid, { publicKey }]) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg: kid, use: 'sig' }));
      return json(response, 200, { keys });
    }
    if (pathname === '/authorize') {
      const code = randomUUID();
      grants.set(code, searchParams);
      const back = (fields) => `${searchParams.get('redirect_uri')}?${new URLSearchParams({ ...fields, state: searchParams.get('state') })}`.replaceAll('&', '&amp;');
      return answer(response, 200, 'text/html', `<!doctype html><title>Provider</title><h1>Provider</h1>
        <a href="${back({ code })}">I am Ada</a> <a href="${back({ error: 'access_denied' })}">No</a>`);
    }
    if (pathname === '/token') {
      const body = [];
      for await (const chunk of request) body.push(chunk);
      const token = redeem(request, new URLSearchParams(Buffer.concat(body).toString()));
      return token ? json(response, 200, { id_token: token, token_type: 'Bearer' }) : json(response, 400, { error: 'invalid_grant' });
    }
    return answer(response, 404, 'text/plain', 'nothing');
  });
  // Another site than that of the server, which is at 127.0.0.1.
  const provider = { state };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  provider.url = `http://localhost:${server.address().port}`;
  provider.stop = () => new Promise((done) => { server.closeAllConnections(); server.close(done); });
  return provider;
}
