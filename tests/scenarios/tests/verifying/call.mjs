import { readFileSync } from 'node:fs';
import { verify } from './verify.mjs';

const { SECRET, ID, SENT_AT, SIGNATURE } = process.env;
const headers = { 'webhook-id': ID, 'webhook-timestamp': SENT_AT, 'webhook-signature': SIGNATURE };
verify(SECRET, headers, readFileSync('body'));
