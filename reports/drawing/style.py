"""How the plots look: colours, fonts and sizes, and nothing else."""

INK = "#0f1a24"
FAINT_INK = "#5a6673"
RULE = "#d5dbe1"
PAPER = "#ffffff"
TRAINING_COLOUR = "#b4540a"
VALIDATION_COLOUR = "#0b5cad"
SHARE_COLOURS = ("#ffffff", "#d6e6f5", "#86b6dd", "#2f7abf", "#0a3f7d")
SHARE_STEPS = 101

# rcParams on top of matplotlib's defaults, so that a user's matplotlibrc changes nothing.
RC_PARAMS = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "text.color": INK,
    "axes.labelcolor": FAINT_INK,
    "axes.edgecolor": RULE,
    "axes.titlesize": 12.0,
    "axes.titlelocation": "left",
    "axes.titlepad": 12.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": FAINT_INK,
    "ytick.labelcolor": FAINT_INK,
    "lines.linewidth": 2.0,
    "lines.markersize": 4.0,
    "legend.frameon": False,
}

CURVE_INCHES = (6.4, 3.9)
CURVE_DPI = 144
MARKED_EPOCHS = 12  # up to so many epochs, every one gets a dot

MATRIX_INCHES = 6.4  # shared by the cells, within the two limits below
SMALLEST_CELL_INCHES = 0.22
LARGEST_CELL_INCHES = 1.1
MATRIX_DPI = 144
LARGE_MATRIX_DPI = 96
LARGE_MATRIX_CLASSES = 30
LONGEST_NAME = 24
LETTER_INCHES = 0.09  # a name wider than its cell is turned upright
POINTS_PER_INCH_OF_DIGITS = 90.0  # a digit is 0.64 of its size wide, and a cell needs air
LARGEST_COUNT_POINTS = 11.0
DARK_SHARE = 0.72  # a darker cell has its count in PAPER
