#!/bin/sh
# A campaign as an array of SLURM jobs that need nothing of each other. From the top of the repository, once the program is built:
#
#   sbatch --array=1-8 examples/coupling_scan/slurm.sh examples/coupling_scan/scan.toml coupling 8
#   sbatch --dependency=afterok:NUMBER_OF_THE_ARRAY --wrap='./kation merge coupling'
#
# The third word is the number of shards, the array says which of them to run. A job that is killed loses the trials it was at and no other:
# submitted or queued again, it does what is missing. Whatever follows the third word goes to kation scan.
#SBATCH --job-name=kation
#SBATCH --cpus-per-task=2
#SBATCH --mem=1G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --output=kation-%A-%a.log
set -eu
configuration=$1 folder=$2 shards=$3
shift 3
exec "${KATION:-./kation}" scan "$configuration" -o "$folder" --shard "$SLURM_ARRAY_TASK_ID/$shards" --resume \
    --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet "$@"
