"""What the page's files are worth behind an API Gateway, which passes on bytes as text."""

import re
import unittest
import urllib.request
import zlib

import visit


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

    def fetched(self, path, encoding):
        """The bytes that come, and the headers."""
        request = urllib.request.Request(
            self.deployment.url + path, headers={"Accept-Encoding": encoding}
        )
        with urllib.request.urlopen(request, timeout=visit.PATIENCE_SECONDS) as response:
            return response.read(), response.headers


if __name__ == "__main__":
    unittest.main()
