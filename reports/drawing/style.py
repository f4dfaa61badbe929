"""The look of all plots: colours, fonts and sizes, and nothing else."""

from typing import Any

Looks = dict[str, Any]  # what matplotlib takes by name

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

CURVE_INCHES = (5.2, 4.2)
CURVE_DPI = 144
MARKED_EPOCHS = 12  # up to so many epochs, every one gets a dot
CURVE_HEIGHTS = (6, 1)  # of the curves, and of the learning rate where it changes
LEGEND_PAD = 40.0  # points between a plot and its title, where the legend goes
NARROW_LEGEND: Looks = {"fontsize": 9, "columnspacing": 1.2, "handletextpad": 0.5, "borderaxespad": 0.2}
STRIP_TITLE: Looks = {"size": 9.0, "color": FAINT_INK, "pad": 3.0}
MARK: Looks = {"markersize": 8, "markeredgewidth": 2, "markeredgecolor": VALIDATION_COLOUR}

FEW_RUNS, FEW_RUNS_INCHES, MANY_RUNS_INCHES = 8, (4.4, 3.6), (6.0, 4.8)  # without the names beside
RUN_COLOURS = ("#0b5cad", "#b4540a", "#1b7a3d", "#8a2f8f", "#b3123f", "#00727a", "#6b5a00", "#5b3fc4")  # the best first
REST_COLOUR = "#b5bec8"
REACH: Looks = {"marker": "o", "markersize": 7, "markeredgewidth": 1.5, "linewidth": 1.2, "capsize": 3}
NAME_POINTS = 9.0
NAME_LINE_POINTS = 13.0
NAME_GAP_POINTS = 8.0
TIE: Looks = {"arrowstyle": "-", "linewidth": 0.8, "linestyle": ":", "shrinkA": 1, "shrinkB": 3}

RELIABILITY_INCHES = (6.4, 5.4)
RELIABILITY_HEIGHTS = (3, 1)  # of accuracy, and of how many pictures

MATRIX_INCHES = 6.4  # shared by the cells, within the two limits below
SMALLEST_CELL_INCHES = 0.22
LARGEST_CELL_INCHES = 1.1
MATRIX_DPI = 144
LARGE_MATRIX_DPI = 96
LARGE_MATRIX_CLASSES = 30
MOST_NAMED_CLASSES = 100  # a matrix of more shows only colours, and the names of some classes
COLOURED_CELLS, COLOURED_INCHES, NAMES_BESIDE = 500, 9.6, 25
LONGEST_NAME = 24
LETTER_INCHES = 0.09  # a name wider than its cell is turned by 90 degrees
POINTS_PER_INCH_OF_DIGITS = 90.0  # a digit is 0.64 of its size wide, and a cell needs air
LARGEST_COUNT_POINTS = 11.0
DARK_SHARE = 0.72  # a darker cell has its count in PAPER

# Their lightness alone tells values apart, for people who cannot tell the colours.
HEAT_COLOURS, CHANNEL_COLOURS = "inferno", "viridis"  # of matplotlib
DIMMED_SHARE = 0.6  # of a picture under heat
