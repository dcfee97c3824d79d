"""What the page's files are worth behind an API Gateway, which passes on bytes as text."""

import re
import unittest
import urllib.request
import zlib

import visit
from browse import Browser


class Page(visit.Visit):
    """The page that anybody may see, and what it needs."""

    def test_its_files_come_compressed_and_whole(self):
        page, _ = self.fetched("/operator", "identity")
        files = re.findall(r'(?:href|src)="(/dashboard/assets/[^"#]+)', page.decode())
        self.assertEqual(len({name.rpartition(".")[2] for name in files} & {"css", "js"}), 2, files)
        for name in set(files):
            plain, headers = self.fetched(name, "identity")
            self.assertIsNone(headers["Content-Encoding"])
            small, headers = self.fetched(name, "gzip, deflate")
            self.assertEqual(headers["Content-Encoding"], "deflate", name)
            self.assertLess(len(small), len(plain) / 2)
            self.assertEqual(zlib.decompress(small), plain)

    def test_a_sign_in_link_is_used_up_by_who_confirms_and_not_by_who_opens_it(self):
        session = self.created("/v1/portal_sessions", {})
        link = session["url"].removeprefix(self.deployment.url)
        code = link.partition("code=")[2]
        scanner, person, late = (Browser(self.deployment) for _ in range(3))
        for _ in range(3):
            self.assertIn("Sign in to Page?", scanner.look(link))
        self.assertEqual(scanner.cookies, {})
        self.assertEqual(person.send("/dashboard", code=code), "/dashboard/keys")
        self.assertIn("API keys", person.look("/dashboard/keys"))
        with self.assertRaisesRegex(visit.Refused, "401"):
            late.look(link)
        with self.assertRaisesRegex(visit.Refused, "401"):
            late.send("/dashboard", code=code)

    def fetched(self, path, encoding):
        """The bytes that come, and the headers."""
        request = urllib.request.Request(
            self.deployment.url + path, headers={"Accept-Encoding": encoding}
        )
        with urllib.request.urlopen(request, timeout=visit.PATIENCE_SECONDS) as response:
            return response.read(), response.headers


if __name__ == "__main__":
    unittest.main()
