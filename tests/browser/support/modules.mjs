// Packages live outside the checkout; the part of tests/run that installs them says where.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.LATCHHOOK_BROWSER_MODULES}/`);

export const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;
