"""The section `Colours of the classes`: the mean colour of the training pictures of each class."""

import numpy as np

from datasets.pack import read_classes
from reports.content import Page
from reports.section import Section, Template

TABLE = """
<p>The mean colour of each class's training pictures. Where it differs, it may be all that a model looks at.</p>
<table>
<thead>
<tr><th scope="col">Class</th>{% for part in ("Red", "Green", "Blue") %}<th scope="col">{{ part }}</th>{% endfor %}</tr>
</thead>
<tbody>
{% for name, colour in colours %}
<tr><th scope="row">{{ name }}</th>{% for part in colour %}<td>{{ part }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>"""


class ClassColours(Section):
    """A table of the mean colour of each class."""

    title = "Colours of the classes"
    chapter = "The data"
    after = "counts"

    def render(self, page: Page) -> Template:
        """Returns the table, from the pack's training pictures."""
        classes = read_classes(page.pack_dir)
        pixels = np.load(page.pack_dir / "train_pixels.npy", mmap_mode="r")
        labels = np.load(page.pack_dir / "train_labels.npy")
        means = [pixels[labels == label].mean(axis=(0, 1, 2)).round().astype(int) for label in range(len(classes))]
        return Template(TABLE, {"colours": list(zip(classes, means, strict=True))})
